// What every gate promises twice: a node that lacks it is not promoted, and one that loses it while active is demoted.
// Judged by what the kernel showed: who listened and who owned the VIP. A gate program's own word plays no part here.

import type { HistoryView } from "#history/view.ts";
import { otherServiceNode } from "#spec/node.ts";
import { msOf, nsPerMs, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/cpu-contention.ts";
import { activeSpans } from "../queries/history-queries.ts";
import { specOf, waitedOutMs } from "../queries/zone-timers.ts";
import { firstIn, type Try } from "./tries.ts";

/** What was found of one try, and the time a demotion took, for the report. */
export interface Judged {
  assertions: Assertion[];
  /** From before the fault was touched to the first look without listener and VIP: an upper bound. */
  demotionMs?: number;
}

/** A try on the active node must demote it; on a standby, or once demoted, nothing may be promoted while it stands. */
export function judgeTry(view: HistoryView, one: Try, boundMs: number): Judged {
  if (!one.active) return { assertions: [neverListened(view, one), couldHaveBeenPromoted(view, one)] };
  const lost = demotion(view, one, boundMs);
  if (lost.goneNs === undefined) return { assertions: [lost.assertion] };
  return {
    assertions: [lost.assertion, stayedOff(view, one, lost.goneNs)],
    demotionMs: msOf(lost.goneNs - one.touchedNs),
  };
}

/** Without listener and without the VIP within the bound, and when that was first seen. */
function demotion(view: HistoryView, one: Try, boundMs: number): { assertion: Assertion; goneNs: number | undefined } {
  const { node, words, touchedNs, effectNs, endNs } = one;
  const says = `${node} gave listener and VIP up within ${boundMs / 1000} s of "${words}"`;
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
      assertion: undecided(says, `the fault was taken back after ${secondsOf(endNs - effectNs)} s`),
      goneNs: undefined,
    };
  if (goneNs - touchedNs > boundMs * nsPerMs)
    return { assertion: undecided(says, `it is known only to within ${msOf(goneNs - certainNs)} ms`), goneNs };
  return { assertion: kept(says, { saw: `${msOf(goneNs - touchedNs)} ms`, events }), goneNs };
}

/** Once demoted, no listener came back while the fault stood. */
function stayedOff(view: HistoryView, one: Try, fromNs: number): Assertion {
  const says = `${one.node} did not listen again while "${one.words}" stood`;
  const again = firstIn(view.spans[one.node].listens, fromNs, one.endNs);
  if (!again) return kept(says);
  return refuted(says, `it listened again ${secondsOf(again.fromNs - one.effectNs)} s after the fault`, again.events);
}

function neverListened(view: HistoryView, one: Try): Assertion {
  const says = `${one.node} never listened while "${one.words}" stood`;
  const found = firstIn(view.spans[one.node].listens, one.effectNs, one.endNs);
  if (found)
    return refuted(says, `it listened ${secondsOf(found.fromNs - one.effectNs)} s after the fault`, found.events);
  if (view.observations[one.node].length === 0) return undecided(says, `${one.node} was never looked at`);
  return kept(says);
}

/** Room for a controller's start and for looks that come late on a busy machine; 0.5 s alone, 2.1 s seen. */
const startMs = 2_500;

/**
 * While the fault stood the VIP was there for the taking, for longer than a takeover needs: otherwise a standby that
 * nobody would have promoted passes for one that was denied.
 */
function couldHaveBeenPromoted(view: HistoryView, one: Try): Assertion {
  const says = `nothing but "${one.words}" kept ${one.node} from being promoted`;
  const other = otherServiceNode(one.node);
  const spans = activeSpans(view, other).filter((span) => span.fromNs < one.endNs);
  // The times in which the other node was not active: before its first span, after its last, and in between.
  const gaps = [undefined, ...spans].map((before, place) => {
    const freeNs = Math.max(one.effectNs, before?.latestNs ?? -Infinity);
    const toNs = Math.min(one.endNs, spans[place]?.earliestNs ?? Infinity);
    return { freeNs, forNs: toNs - freeNs, neededNs: takeoverNs(view, freeNs, before?.latestNs) };
  });
  const open = gaps.filter(({ forNs }) => forNs > 0);
  const enough = open.find(({ forNs, neededNs }) => forNs >= neededNs);
  if (enough) return kept(says, { saw: `watched for ${secondsOf(enough.forNs)} s` });
  const [longest] = open.toSorted((a, b) => b.forNs - a.forNs);
  if (!longest) return undecided(says, `${other} was active all the while`);
  const { forNs, neededNs } = longest;
  return undecided(says, `the VIP was free for ${secondsOf(forNs)} s and a takeover needs ${secondsOf(neededNs)} s`);
}

/** By the zone's own timers, from when the VIP is free; the last holder's lease is waited out as if never released. */
function takeoverNs(view: HistoryView, freeNs: number, heldUntilNs = -Infinity): number {
  const spec = specOf(view);
  const { vrrp } = spec;
  const vrrpMs = (vrrp.downAdverts + 1) * vrrp.advertS * 1000; // the skew is less than one more advert
  return Math.max(vrrpMs * nsPerMs, heldUntilNs + waitedOutMs(spec) * nsPerMs - freeNs) + startMs * nsPerMs;
}
