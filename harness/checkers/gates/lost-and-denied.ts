// Every gate promises two things: a node whose gate is closed is not promoted, and an active node whose gate closes is
// demoted. Judged by the kernel's listeners and addresses. The gate program's own messages do not count here.

import type { HistoryView } from "#history/view.ts";
import type { Span } from "#history/spans.ts";
import { otherServiceNode, type ServiceNode } from "#spec/node.ts";
import { msOf, nsPerMs, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { activeSpans, returnNs, touchNs } from "../queries/history-queries.ts";
import { specOf, waitedOutMs } from "../queries/zone-timers.ts";
import { canBePromoted, firstIn, type Try } from "./tries.ts";

/** The assertions of one try, and the time of a demotion, for the report. */
export interface Judged {
  assertions: Assertion[];
  /** Upper bound: from before the injection to the first look without listener and VIP. */
  demotionMs?: number;
}

/** The fault must demote an active node. While the fault lasts, the node is not promoted. */
export function judgeTry(view: HistoryView, one: Try, boundMs: number): Judged {
  if (!one.active)
    return {
      assertions: [
        neverListened(view, one),
        couldHaveBeenPromoted(view, one),
        canBePromoted(view, one.node, one.endNs),
      ],
    };
  const lost = demotion(view, one, boundMs);
  if (lost.goneNs === undefined) return { assertions: [lost.assertion] };
  return {
    assertions: [lost.assertion, stayedOff(view, one, lost.goneNs)],
    demotionMs: msOf(lost.goneNs - one.touchedNs),
  };
}

/** The node has neither listener nor VIP within the bound; and when that was first seen. */
function demotion(view: HistoryView, one: Try, boundMs: number): { assertion: Assertion; goneNs: number | undefined } {
  const { node, words, touchedNs, effectNs, endNs } = one;
  const says = `${node} gave up listener and VIP within ${boundMs / 1000} s of "${words}"`;
  const held = [view.spans[node].listens, view.spans[node].owns].map((spans) => firstIn(spans, touchedNs, touchedNs));
  const spans = held.filter((span) => span !== undefined);
  const events = spans.map((span) => span.events[1]);
  const certainNs = Math.max(...spans.map((span) => span.toNs));
  const goneNs = Math.max(...spans.map((span) => span.latestNs));
  const stillNs = effectNs + boundMs * nsPerMs;
  if (certainNs > stillNs) {
    const assertion = refuted(
      says,
      `${node} still had one of them ${secondsOf(certainNs - effectNs)} s after it`,
      events,
    );
    const span = { fromNs: touchedNs, toNs: Math.min(certainNs, endNs) };
    const late = { tookNs: certainNs - effectNs, boundNs: boundMs * nsPerMs };
    return { assertion: unlessContended(view, span, { assertion, late }), goneNs: goneNs < endNs ? goneNs : undefined };
  }
  if (certainNs >= endNs)
    return {
      assertion: undecided(says, `the fault was healed after ${secondsOf(endNs - effectNs)} s`),
      goneNs: undefined,
    };
  if (goneNs - touchedNs > boundMs * nsPerMs)
    return { assertion: undecided(says, `the time is known only to within ${msOf(goneNs - certainNs)} ms`), goneNs };
  return { assertion: kept(says, { saw: `${msOf(goneNs - touchedNs)} ms`, events }), goneNs };
}

/**
 * After the demotion neither listener nor VIP came back while the fault lasted. A VIP without a listener is a black
 * hole: it takes the calls from the node that could answer them.
 */
function stayedOff(view: HistoryView, one: Try, fromNs: number): Assertion {
  const says = `${one.node} neither listened nor owned the VIP again during "${one.words}"`;
  const { listens, owns } = view.spans[one.node];
  const listened = firstIn(listens, fromNs, one.endNs);
  const isAgain = ({ fromNs: ownedNs }: Span) =>
    ownedNs > fromNs && ownedNs <= one.endNs && !isAdded(view, one.node, ownedNs);
  const again = listened ?? owns.find(isAgain);
  if (!again) return kept(says);
  const did = listened ? "listened" : "owned the VIP";
  return refuted(says, `it ${did} again ${secondsOf(again.fromNs - one.effectNs)} s after the fault`, again.events);
}

/** The harness itself added the VIP there, to close every gate but one. */
function isAdded(view: HistoryView, node: ServiceNode, t: number): boolean {
  return view.faults.some(
    (life) => life.fault === "vip-added" && life.nodes.includes(node) && t >= touchNs(life) && t <= returnNs(life),
  );
}

function neverListened(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} never listened during "${one.words}"`;
  const found = firstIn(view.spans[one.node].listens, one.effectNs, one.endNs);
  if (found)
    return refuted(says, `it listened ${secondsOf(found.fromNs - one.effectNs)} s after the fault`, found.events);
  if (view.observations[one.node].length === 0) return undecided(says, `the observer never looked at ${one.node}`);
  return kept(says);
}

/** Margin for the start of a controller and for late looks on a busy machine: 0.5 s alone, up to 2.1 s seen. */
const startMs = 2_500;

/**
 * While the fault lasted, the VIP was free for longer than a takeover needs. Otherwise a standby that had no reason to
 * be promoted would count as denied.
 */
function couldHaveBeenPromoted(view: HistoryView, one: Try): Assertion {
  const says = `only "${one.words}" kept ${one.node} from being promoted`;
  const other = otherServiceNode(one.node);
  const spans = activeSpans(view, other).filter((span) => span.fromNs < one.endNs);
  // The times when the other node was not active: before its first span, after its last, and between them.
  const gaps = [undefined, ...spans].map((before, place) => {
    const freeNs = Math.max(one.effectNs, before?.latestNs ?? -Infinity);
    const toNs = Math.min(one.endNs, spans[place]?.earliestNs ?? Infinity);
    return { freeNs, forNs: toNs - freeNs, neededNs: takeoverNs(view, freeNs, before?.latestNs) };
  });
  const open = gaps.filter(({ forNs }) => forNs > 0);
  const enough = open.find(({ forNs, neededNs }) => forNs >= neededNs);
  if (enough) return kept(says, { saw: `watched for ${secondsOf(enough.forNs)} s` });
  const [longest] = open.toSorted((a, b) => b.forNs - a.forNs);
  if (!longest) return undecided(says, `${other} was active all the time`);
  const { forNs, neededNs } = longest;
  return undecided(says, `the VIP was free for ${secondsOf(forNs)} s and a takeover needs ${secondsOf(neededNs)} s`);
}

/** By the zone's timers, from when the VIP is free. Assumes that the last holder did not release its lease. */
function takeoverNs(view: HistoryView, freeNs: number, heldUntilNs = -Infinity): number {
  const spec = specOf(view);
  const { vrrp } = spec;
  const vrrpMs = (vrrp.downAdverts + 1) * vrrp.advertS * 1000; // the skew is less than one more advert
  return Math.max(vrrpMs * nsPerMs, heldUntilNs + waitedOutMs(spec) * nsPerMs - freeNs) + startMs * nsPerMs;
}
