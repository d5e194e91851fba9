// MECH-4: a node that returns does not take the VIP back, even if it has the higher priority, and however long it
// waits. It is watched for longer than any timer of the zone.

import type { Span } from "#history/spans.ts";
import type { FaultLife, HistoryView } from "#history/view.ts";
import { isServiceNode, otherServiceNode, type ServiceNode } from "#spec/node.ts";
import { type Checker, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import * as node from "../failure/node-assertions.ts";
import { canBePromoted } from "../gates/tries.ts";
import { unlessContendedBefore } from "../queries/contention.ts";
import { activeSpans, loadEndNs, marksOf, returnNs, touchNs } from "../queries/history-queries.ts";
import { longestTimerNs, specOf } from "../queries/zone-timers.ts";

/** A node is back while the other one is active. */
interface Return {
  back: ServiceNode;
  active: ServiceNode;
  /** When its repair began. */
  backNs: number;
  /** From its return, by its `recovered` mark, to the next fault or the end of load. */
  fromNs: number;
  toNs: number;
  span: Span;
}

export const noPreemption: Checker = {
  entry: "MECH-4",
  check(view) {
    const returns = view.faults.flatMap((life) => returnsOf(view, life));
    if (returns.length === 0)
      return rulingOf([undecided("a node came back while the other one was active", "none did")], {});
    const watched = returns.map(({ fromNs, toNs }) => toNs - fromNs);
    const assertions = returns.flatMap((one) => [
      keptTheVip(view, one),
      canBePromoted(view, one.back, -Infinity),
      ranAsStandby(view, one),
    ]);
    return rulingOf([...assertions, watchedLongEnough(view, returns)], {
      watchedS: secondsOf(Math.max(...watched)),
    });
  },
};

/** Of the node with the higher priority: the other one would not preempt anyway. */
function returnsOf(view: HistoryView, life: FaultLife): Return[] {
  const { priority } = specOf(view).vrrp;
  const backNs = returnNs(life);
  return life.nodes.filter(isServiceNode).flatMap((back): Return[] => {
    const active = otherServiceNode(back);
    if (backNs === Infinity || priority[back] < priority[active]) return [];
    const recovered = marksOf(view, "recovered").find(
      ({ event }) => event.t >= backNs && event.detail.node === back && !event.detail.isTimedOut,
    );
    const span = activeSpans(view, active).find(({ fromNs, toNs }) => fromNs <= backNs && toNs >= backNs);
    if (!recovered || !span) return [];
    const fromNs = recovered.event.t;
    const next = view.faults.map(touchNs).filter((ns) => ns > backNs);
    return [{ back, active, backNs, fromNs, toNs: Math.min(loadEndNs(view), ...next), span }];
  });
}

function keptTheVip(view: HistoryView, { back, active, backNs, fromNs, toNs, span }: Return): Assertion {
  const says = `${back} did not take the VIP back from ${active}`;
  if (span.toNs >= toNs) return kept(says, { saw: `${secondsOf(toNs - fromNs)} s`, events: span.events });
  const atS = secondsOf(span.toNs - backNs);
  const assertion = refuted(
    says,
    `${active} stopped being active ${atS} s after the return of ${back} began`,
    span.events,
  );
  // A node whose gate program gets no CPU gives up its role by itself.
  return unlessContendedBefore(view, span.toNs, assertion);
}

/** A node without keepalived preempts nothing. */
function ranAsStandby(view: HistoryView, { back, toNs, span }: Return): Assertion {
  const standby = node.isStandby(view, back, toNs);
  if (standby.verdict === "kept" || span.toNs < toNs) return { ...standby, verdict: "kept" };
  return undecided(standby.says, standby.saw);
}

function watchedLongEnough(view: HistoryView, returns: readonly Return[]): Assertion {
  const neededNs = Math.max(view.bounds.preemptionWatchS * nsPerS, longestTimerNs(specOf(view)));
  const says = `a returned node was watched for ${secondsOf(neededNs)} s`;
  const longestNs = Math.max(...returns.map(({ fromNs, toNs }) => toNs - fromNs));
  if (longestNs >= neededNs) return kept(says, { saw: `${secondsOf(longestNs)} s` });
  return undecided(says, `it was watched for only ${secondsOf(longestNs)} s`);
}
