// BOOT-5 and BOOT-6: Alpha must be the first owner of the VIP after a cold start, and Beta must never listen. Decided
// by the addresses and listeners of all three nodes, which the observer sees from their start on.

import type { Span } from "#history/spans.ts";
import type { HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { nodeNames, type NodeName } from "#spec/node.ts";
import { type Checker, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { type ColdStart, coldStartOf, inCalm, noColdStart, watchedThroughout } from "./cold-start.ts";

/** BOOT-5: Alpha gets the VIP first. */
export const firstOwner: Checker = {
  entry: "BOOT-5",
  check(view) {
    const cold = coldStartOf(view);
    if (!cold) return rulingOf([noColdStart], {});
    const first = firstSpan(view, nodeNames);
    const figures = {
      firstOwner: first?.node ?? null,
      afterS: first ? secondsOf(first.fromNs - cold.lastNs) : null,
    } satisfies Figures;
    const atNs = first && first.node !== "alpha" ? first.fromNs : cold.endNs;
    return rulingOf([watchedThroughout(view, cold), inCalm(view, atNs, alphaFirst(view))], figures);
  },
};

/** BOOT-6: Beta stays a standby. In a cold start it is never promoted. */
export const betaSilent: Checker = {
  entry: "BOOT-6",
  check(view) {
    const cold = coldStartOf(view);
    if (!cold) return rulingOf([noColdStart], {});
    const assertions = [watchedThroughout(view, cold), alphaTookIt(view, cold), neverListened(view, cold)];
    return rulingOf(assertions, { watchedS: secondsOf(cold.endNs - cold.startingNs.beta) });
  },
};

function firstSpan(view: HistoryView, nodes: readonly NodeName[]): Span | undefined {
  return nodes.flatMap((node) => view.spans[node].owns).sort((a, b) => a.fromNs - b.fromNs)[0];
}

function alphaFirst(view: HistoryView): Assertion {
  const says = "alpha was the first to own the VIP";
  const alpha = firstSpan(view, ["alpha"]);
  const other = firstSpan(view, ["beta", "gamma"]);
  if (!alpha && !other) return missed(says, "no node ever owned it");
  if (!other || (alpha && alpha.fromNs <= other.earliestNs)) return kept(says, { events: [alpha!.events[0]] });
  if (alpha && alpha.earliestNs <= other.fromNs)
    return undecided(says, `alpha and ${other.node} got it between the same two looks`);
  return refuted(says, `${other.node} was`, [other.events[0]]);
}

/** The silence of a standby shows nothing when no node was promoted. */
function alphaTookIt(view: HistoryView, cold: ColdStart): Assertion {
  const says = "alpha became active, so beta was not needed";
  const found = view.spans.alpha.active.find((span) => !span.isOnlyPossible && span.fromNs <= cold.endNs);
  return found ? kept(says, { events: [found.events[0]] }) : undecided(says, "alpha was never active");
}

function neverListened(view: HistoryView, cold: ColdStart): Assertion {
  const says = "beta never listened on the RPC port";
  const found = view.spans.beta.listens.filter((span) => span.fromNs <= cold.endNs);
  if (found.length === 0) return kept(says);
  return overAll(
    says,
    found.map(({ fromNs, events }) => {
      const at = view.observations.beta.find(({ index }) => index === events[0])?.event.listens.join(", ");
      const saw = `it listened on ${at} ${secondsOf(fromNs - cold.startingNs.beta)} s after its start`;
      return inCalm(view, fromNs, refuted(says, saw, [...events]));
    }),
  );
}
