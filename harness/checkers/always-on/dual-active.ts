// DUAL-0: two controllers are never active at the same instant. A node is active when three signals of the observer
// agree: it owns the VIP, listens on it and is able to act. A frozen owner is not active. Two nodes that only own the
// address are a VIP overlap, which is measured separately. The clients are the second witness: answers of two nodes
// must not interleave.

import { overlapOf, type Span } from "#history/spans.ts";
import { type HistoryView, markOf } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { nodeNames } from "#spec/node.ts";
import { type Checker, msOf, nsPerMs, nsPerS, type Ruling } from "../checker.ts";
import { interleavedAnswers } from "./interleaving.ts";

/**
 * A gap of the observer hides a second active node only when a promotion and a demotion both fit into it. The reference
 * controller needs 140 ms from start to listening, and keepalived sends an advert each second, so 500 ms is too short
 * for both. A change that was seen late has wide possible ends, whatever the gap.
 */
const blindMaxNs = 500 * nsPerMs;

/**
 * The first look at a node comes 0.2 to 1.4 s after its start (at most 2 s were seen). That is too short to take the
 * VIP and to give it up unseen: the reference node's gates open 4 s after its start.
 */
const startUnseenMaxNs = 3 * nsPerS;

interface Overlap {
  certainNs: number;
  possibleNs: number;
  /** Observations at the ends of the longest one. */
  events: number[];
  nodes: string;
}

export const dualActive: Checker = {
  entry: "DUAL-0",
  check(view) {
    const spans = nodeNames.map((node) => view.spans[node].active);
    const active = overlapOfAll(spans);
    const owners = overlapOfAll(nodeNames.map((node) => view.spans[node].owns));
    const answers = interleavedAnswers(view);
    const measured = {
      overlapMs: msOf(active.certainNs),
      overlapUpperBoundMs: msOf(active.possibleNs),
      uncertaintyMs: msOf(widestEdgeNs(view)),
      lookGapMaxMs: msOf(largestGapNs(view)),
      closestApproachMs: closestApproachMs(spans.flat()),
      vipOverlapMs: msOf(owners.certainNs),
      interleavedAnswers: answers.length,
    } satisfies Figures;
    const ruling = (verdict: Ruling["verdict"], because: string, events: number[]): Ruling => ({
      verdict,
      because,
      measured,
      events,
      rests: "seen",
    });
    if (active.certainNs > 0)
      return ruling("broken", `${active.nodes} were both active for ${measured.overlapMs} ms`, active.events);
    const first = answers[0];
    if (first) return ruling("broken", `${first.says}; ${answers.length} such answers`, first.events);
    if (active.possibleNs > 0)
      return ruling(
        "unknown",
        `${active.nodes} may have been active together for up to ${measured.overlapUpperBoundMs} ms between two looks`,
        active.events,
      );
    const blind = blindSpot(view);
    if (blind) return ruling("unknown", blind, []);
    if (spans.flat().length === 0) return ruling("unknown", "no node was ever seen active", []);
    return ruling("kept", keptBecause(measured), spans.flatMap((of) => of.flatMap((span) => span.events)).slice(0, 8));
  },
};

function keptBecause(measured: { uncertaintyMs: number; closestApproachMs: number | null }): string {
  const { uncertaintyMs, closestApproachMs } = measured;
  const approach =
    closestApproachMs === null
      ? "one node alone was active"
      : `the shortest gap between two active nodes was ${closestApproachMs} ms`;
  return `no two nodes were active together, with times exact to ${uncertaintyMs} ms; ${approach}`;
}

/** The sum over all pairs of nodes. `events`: the ends of the longest overlap. */
function overlapOfAll(spans: readonly Span[][]): Overlap {
  const sum: Overlap = { certainNs: 0, possibleNs: 0, events: [], nodes: "" };
  let longestNs = 0;
  for (let first = 0; first < spans.length; first += 1)
    for (let second = first + 1; second < spans.length; second += 1)
      for (const a of spans[first]!)
        for (const b of spans[second]!) {
          const { certainNs, possibleNs } = overlapOf(a, b);
          sum.certainNs += certainNs;
          sum.possibleNs += possibleNs;
          // A certain overlap counts before any possible one.
          const rankNs = certainNs > 0 ? certainNs + Number.MAX_SAFE_INTEGER / 2 : possibleNs;
          if (rankNs <= longestNs) continue;
          longestNs = rankNs;
          sum.events = [...new Set([...a.events, ...b.events])].sort((x, y) => x - y);
          sum.nodes = `${a.node} and ${b.node}`;
        }
  return sum;
}

/** Least time from the possible end of one node's span to the possible start of another's; null without a handover. */
function closestApproachMs(spans: readonly Span[]): number | null {
  const inOrder = spans.filter((span) => !span.isOnlyPossible).sort((a, b) => a.fromNs - b.fromNs);
  let closestNs = Infinity;
  for (let place = 1; place < inOrder.length; place += 1) {
    const [before, after] = [inOrder[place - 1]!, inOrder[place]!];
    if (before.node !== after.node) closestNs = Math.min(closestNs, after.earliestNs - before.latestNs);
  }
  return closestNs === Infinity ? null : msOf(closestNs);
}

function unseenStart(view: HistoryView): string | undefined {
  for (const node of nodeNames)
    for (const { event } of view.observations[node]) {
      const { t, startedNs = t } = event;
      if (t - startedNs <= startUnseenMaxNs) continue;
      const other = nodeNames.find(
        (one) => one !== node && view.spans[one].active.some((span) => span.fromNs < t && span.toNs > startedNs),
      );
      if (other)
        return `${node} ran for ${msOf(t - startedNs)} ms before the first look at it, while ${other} was active`;
    }
  return undefined;
}

/** Widest window around the start or the end of an active span: how exactly an overlap is known. */
export function widestEdgeNs(view: HistoryView): number {
  const spans = nodeNames.flatMap((node) => view.spans[node].active);
  return Math.max(0, ...spans.flatMap((span) => [span.fromNs - span.earliestNs, span.latestNs - span.toNs]));
}

/** Largest gap between two looks in the judged time. A second active node is missed only when it fits into a gap. */
export function largestGapNs(view: HistoryView): number {
  return Math.max(0, ...view.looks.map(({ event }) => event.gapMaxNs));
}

/** A gap above the bound counts only when it could hide an overlap: a promotion and a demotion of a second node. */
function blindSpot(view: HistoryView): string | undefined {
  const unwatched = nodeNames.find((node) => view.observations[node].length === 0);
  if (unwatched) return `the observer never looked at ${unwatched}`;
  const unseen = unseenStart(view);
  if (unseen) return unseen;
  const fromNs = markOf(view, "zone-ready")?.event.t ?? view.firstNs;
  const toNs = markOf(view, "load-stopped")?.event.t ?? view.lastNs;
  const worst = view.looks
    .filter(({ event }) => event.t >= fromNs && event.t <= toNs)
    .reduce((most, { event }) => Math.max(most, event.gapMaxNs), 0);
  const boundNs = Math.max(blindMaxNs, view.bounds.observerGapMaxMs * nsPerMs);
  if (worst <= boundNs) return undefined;
  return `the observer did not look for ${msOf(worst)} ms, which can hide an overlap`;
}
