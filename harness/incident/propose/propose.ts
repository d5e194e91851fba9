// The faults that explain a timeline. Each kind of fault has its own file; here they are asked in turn, and what one
// explains is not explained a second time. Pure.

import { lossesOf } from "../timeline/losses.ts";
import type { Timeline, TimedSign } from "../timeline/timeline.ts";
import { cuts } from "./cuts.ts";
import { atFirstStart, unclaimed, unexplained } from "./effects.ts";
import { gateFaults } from "./gates.ts";
import { nodeRestarts, processRestarts } from "./node-losses.ts";
import { pauses } from "./pauses.ts";
import type { Proposal } from "./proposal.ts";
import { startsOf } from "./starts.ts";
import { unseenFaults } from "./unseen.ts";

export interface Explanation {
  /** In order of time. */
  proposals: Proposal[];
  /** Signs that no proposal explains. */
  unexplained: TimedSign[];
}

export function explain(timeline: Timeline): Explanation {
  const starts = startsOf(timeline);
  const losses = lossesOf(timeline).filter((one) => !atFirstStart(one, starts));
  const restarts = nodeRestarts(starts, losses, timeline);
  const stills = pauses(unclaimed(losses, restarts), timeline).filter((one) => !isWithin(one, restarts));
  const ofPrograms = processRestarts(starts, losses).filter((one) => !isWithin(one, [...restarts, ...stills]));
  const ofNodes = [...restarts, ...stills, ...ofPrograms];
  const unseen = unseenFaults(unclaimed(losses, ofNodes), timeline);
  const known = [...ofNodes, ...unseen];
  const links = cuts(unclaimed(losses, known), timeline).filter((one) => !isEffect(one, known));
  const gates = gateFaults(timeline).filter((one) => !isGateEffect(one, [...known, ...links]));
  const proposals = [...known, ...links, ...gates].sort((a, b) => a.atMs - b.atMs);
  return { proposals, unexplained: unexplained(timeline, proposals, starts) };
}

/** The same node, at the same time. */
function isWithin(one: Proposal, others: readonly Proposal[]): boolean {
  return others.some(
    (other) =>
      other.fault.node === one.fault.node &&
      one.atMs <= (other.untilMs ?? Infinity) + 500 &&
      (one.untilMs ?? Infinity) >= other.atMs - 500,
  );
}

/** Adverts that a node could not send because it was away. */
function isEffect(one: Proposal, others: readonly Proposal[]): boolean {
  if (one.fault.fault !== "cut" || one.fault.segments.includes("zone")) return false;
  return others.some(
    ({ fault, atMs, untilMs }) =>
      fault.node !== "gamma" && atMs <= one.notAfterMs + 1_000 && (untilMs ?? Infinity) + 6_000 >= one.notBeforeMs,
  );
}

/** A VIP or adverts that are gone because keepalived gave the role up, or the node was away. */
function isGateEffect(one: Proposal, others: readonly Proposal[]): boolean {
  if (one.fault.fault !== "vip-removed" && one.fault.fault !== "cut") return false;
  return others.some(({ atMs, untilMs }) => atMs - 1_000 <= one.atMs && one.atMs <= (untilMs ?? Infinity) + 10_000);
}
