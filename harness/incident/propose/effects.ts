// What a fault must explain: changes of role, elections, lost routes, closed gates. Pure.

import type { Loss } from "../timeline/losses.ts";
import type { Timeline, TimedSign } from "../timeline/timeline.ts";
import type { Proposal } from "./proposal.ts";
import type { Start } from "./starts.ts";

const effectKinds = new Set([
  "master",
  "fault",
  "advert-timeout",
  "late-timer",
  "link-down",
  "meta-leader",
  "no-meta-leader",
  "stream-leader",
  "no-quorum",
  "dial-failed",
  "store-failed",
  "io-trouble",
  "gate",
  "promoting",
  "standby",
  "lease-trouble",
]);

/** A zone takes this long to settle after a fault ended. */
const settleMs = 30_000;
/** A fault may have begun this much before its best guess. */
const earlyMs = 2_000;

/** Signs that no proposal covers in time. A zone that starts in the logs explains its first half minute. */
export function unexplained(timeline: Timeline, proposals: readonly Proposal[], starts: readonly Start[]): TimedSign[] {
  const spans = proposals.map(({ atMs, untilMs }) => ({
    fromMs: atMs - earlyMs,
    toMs: (untilMs ?? Infinity) + settleMs,
  }));
  for (const start of starts)
    if (start.beforeMs === undefined) spans.push({ fromMs: start.atMs - earlyMs, toMs: start.atMs + settleMs });
  return timeline.signs.filter(
    ({ sign, atMs, text }) =>
      (effectKinds.has(sign.kind) || isLostRoute(text)) &&
      !spans.some(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs),
  );
}

const isLostRoute = (text: string): boolean =>
  /Route?r? connection closed: /.test(text) && !/Duplicate Route|Client Closed/.test(text);

/** Servers that start together dial each other in vain for so long. */
const firstStartMs = 10_000;

/** Losses of a node that starts for the first time in its log. */
export function atFirstStart({ observer, lost, fromMs }: Loss, starts: readonly Start[]): boolean {
  return starts.some(
    ({ node, beforeMs, atMs, isWholeNode }) =>
      isWholeNode &&
      beforeMs === undefined &&
      (node === observer || node === lost) &&
      Math.abs(fromMs - atMs) < firstStartMs,
  );
}

/** Losses that no fault of a node explains: neither side was away, nor just back. */
export function unclaimed(losses: readonly Loss[], proposals: readonly Proposal[]): Loss[] {
  return losses.filter(
    ({ observer, lost, fromMs, toMs }) =>
      !proposals.some(
        ({ fault, atMs, untilMs }) =>
          (fault.node === observer || fault.node === lost) &&
          fromMs <= (untilMs ?? Infinity) + earlyMs &&
          toMs >= atMs - earlyMs,
      ),
  );
}
