// NET-5: over the whole run the VIP is on the active service node and nowhere else. Decided by the addresses of all
// three nodes, as the observer and the inspections saw them.

import { overlapOf, type Span } from "#history/spans.ts";
import type { HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Checker, msOf, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import * as node from "../failure/node-assertions.ts";
import { unlessContended, unlessContendedBefore } from "../queries/contention.ts";
import { roundsOf, undisturbed } from "../queries/inspection-rounds.ts";
import { activeAt, loadEndNs, meeting } from "../queries/history-queries.ts";

export const vipOwner: Checker = {
  entry: "NET-5",
  check(view) {
    const whole = { fromNs: view.firstNs, toNs: loadEndNs(view) };
    const assertions = [
      neverOnTwo(view),
      node.neverServed(view, "gamma", whole),
      ...(["alpha", "beta"] as const).flatMap((name) => ownersServe(view, view.spans[name].owns)),
      servedWhileSteady(view),
      listedOnce(view),
    ];
    const owners = nodeNames.filter((name) => view.spans[name].owns.length > 0);
    return rulingOf(assertions, { owners, inspections: roundsOf(view).length });
  },
};

/** A possible overlap is unknown here. DUAL-0 judges which node was active in it. */
function neverOnTwo(view: HistoryView): Assertion {
  const says = "the VIP was never on two nodes";
  const unseen = nodeNames.find((name) => view.observations[name].length === 0);
  if (unseen) return undecided(says, `the observer never looked at ${unseen}`);
  let possibleNs = 0;
  for (const [place, first] of nodeNames.entries())
    for (const second of nodeNames.slice(place + 1))
      for (const a of view.spans[first].owns)
        for (const b of view.spans[second].owns) {
          const overlap = overlapOf(a, b);
          possibleNs = Math.max(possibleNs, overlap.possibleNs);
          if (overlap.certainNs > 0)
            return refuted(says, `${first} and ${second} both owned it for ${msOf(overlap.certainNs)} ms`, [
              ...a.events,
              ...b.events,
            ]);
        }
  if (possibleNs > 0) return undecided(says, `two nodes may have owned it for up to ${msOf(possibleNs)} ms`);
  return kept(says);
}

/** A node that owned it for longer than a failover takes was active within such a time, unless it was frozen. */
function ownersServe(view: HistoryView, owns: readonly Span[]): Assertion[] {
  const boundNs = view.bounds.failoverMaxS * nsPerS;
  return owns
    .filter((span) => span.toNs - span.fromNs > boundNs)
    .map((span) => {
      const says = `${span.node} served while it owned the VIP`;
      const idle = idleIn(view, span).filter(({ fromNs, toNs }) => toNs - fromNs > boundNs);
      if (idle.length === 0) return kept(says);
      return overAll(
        says,
        idle.map((one) => {
          const tookNs = one.toNs - one.fromNs;
          const assertion = missed(says, `it owned it for ${secondsOf(tookNs)} s and was not active`, span.events);
          return unlessContended(view, one, { assertion, late: { tookNs, boundNs } });
        }),
      );
    });
}

/** Between the times at which the owner was active or frozen. */
function idleIn(view: HistoryView, { node: name, fromNs, toNs }: Span): { fromNs: number; toNs: number }[] {
  const { active, frozen } = view.spans[name];
  const busy = [...active, ...frozen]
    .filter((span) => span.toNs >= fromNs && span.fromNs <= toNs)
    .sort((a, b) => a.fromNs - b.fromNs);
  return [undefined, ...busy].map((before, place) => ({
    fromNs: before?.latestNs ?? fromNs,
    toNs: Math.min(busy[place]?.earliestNs ?? toNs, toNs),
  }));
}

/** Before the first fault there is an active node, and it has the address. */
function servedWhileSteady(view: HistoryView): Assertion {
  const says = "the VIP was on an active node before the first fault";
  const { toNs } = undisturbed(view);
  const active = activeAt(view, toNs - 1);
  if (active) return kept(says, { saw: active });
  const owner = nodeNames.find((name) => meeting(view.spans[name].owns, toNs - 1, toNs - 1));
  const saw = owner ? `it was on ${owner}, which was not active` : "it was on no node";
  return unlessContendedBefore(view, toNs, missed(says, saw));
}

/** The observer saw the VIP leave the first node, and come to the second one, between the two inspections. */
function isHandedOver(view: HistoryView, found: readonly { node: NodeName; t: number }[]): boolean {
  const [first, second, ...more] = found.toSorted((a, b) => a.t - b.t);
  if (!first || !second || more.length > 0 || first.node === second.node) return false;
  const left = view.spans[first.node].owns.some((one) => one.fromNs <= first.t && one.latestNs < second.t);
  const came = view.spans[second.node].owns.some((one) => one.earliestNs > first.t && one.fromNs <= second.t);
  return left && came && !meeting(view.spans[first.node].owns, second.t, second.t);
}

function listedOnce(view: HistoryView): Assertion {
  const says = "each inspection finds the VIP once, on one node";
  const rounds = roundsOf(view);
  if (!rounds.some(({ inspections }) => inspections.size === nodeNames.length))
    return undecided(says, "no inspection shows all three nodes");
  for (const { inspections } of rounds) {
    const found = [...inspections.values()].flatMap((inspection) =>
      inspection.event.addresses
        .filter(({ address }) => address === view.endpoint.vip)
        .map((at) => ({ ...inspection.event, at: at.interface, index: inspection.index })),
    );
    if (found.length > 1 && !isHandedOver(view, found))
      return refuted(says, `it is on ${found.map((one) => `${one.at} of ${one.node}`).join(" and ")}`, [
        ...new Set(found.map(({ index }) => index)),
      ]);
  }
  return kept(says);
}
