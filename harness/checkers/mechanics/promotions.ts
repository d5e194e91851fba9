// Promotions and demotions of a node, found from addresses, listeners, processes and adverts, and the order in which
// these must come. The checkers of MECH-2 and BOOT-4 use these assertions. No checker is in this file.

import type { Span } from "#history/spans.ts";
import type { HistoryView } from "#history/view.ts";
import { type ServiceNode, serviceNodes } from "#spec/node.ts";
import type { PromotionStages } from "#spec/figures.ts";
import { msOf, nsPerMs, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { activeSpans, firstAnswer } from "../queries/history-queries.ts";
import { specOf, vrrpSilenceNs } from "../queries/zone-timers.ts";
import { advertIn, isCutOff, isLookedAt, type Stretch, type Wire } from "./adverts.ts";

export interface Promotion {
  node: ServiceNode;
  active: Span;
  owns: Span;
  listens: Span;
  /** Start of the process that owns the listener, in steps of 10 ms. */
  controllerNs: number | undefined;
}

/** A start time is exact to 10 ms. So is the offset between boot time and CLOCK_MONOTONIC. Together: 20 ms. */
const startGrainNs = 20 * nsPerMs;
/**
 * An advert is sent when the address arrives. Its time stamp is late: the packet first goes through a pipe and the
 * capture program.
 */
const advertSlackNs = nsPerS;

/** When the first advert must be seen around the arrival of the VIP. */
export function comingOf(owns: Span): Stretch {
  return { fromNs: owns.earliestNs - advertSlackNs, toNs: owns.fromNs + advertSlackNs };
}

/**
 * Every promotion seen in [fromNs, toNs]. A node that had the VIP at the first sample is left out: its promotion was
 * not seen. A node that thaws with its address and its listener goes on; it is not promoted.
 */
export function promotionsIn(view: HistoryView, fromNs: number, toNs: number): Promotion[] {
  return serviceNodes.flatMap((node) => {
    const firstIndex = view.observations[node][0]?.index;
    return activeSpans(view, node).flatMap((active): Promotion[] => {
      if (active.fromNs < fromNs || active.fromNs > toNs) return [];
      const at = (spans: readonly Span[]) =>
        spans.find((one) => one.fromNs <= active.fromNs && one.toNs >= active.fromNs);
      const owns = at(view.spans[node].owns);
      const listens = at(view.spans[node].listens);
      if (!owns || !listens || owns.events[0] === firstIndex) return [];
      if (isThawed(view, { node, active, owns, listens })) return [];
      return [{ node, active, owns, listens, controllerNs: controllerStartNs(view, node, listens) }];
    });
  });
}

/** The node was frozen with address and listener, and goes on with both. */
function isThawed(view: HistoryView, { node, active, owns, listens }: Omit<Promotion, "controllerNs">): boolean {
  const heldNs = Math.max(owns.fromNs, listens.fromNs);
  return view.spans[node].frozen.some(
    (one) => one.fromNs > heldNs && one.fromNs < active.fromNs && one.latestNs >= active.fromNs,
  );
}

function controllerStartNs(view: HistoryView, node: ServiceNode, listens: Span): number | undefined {
  const seen = view.observations[node].find(({ event }) => event.t >= listens.fromNs && event.controller);
  return seen && seen.event.t <= listens.toNs + nsPerS ? seen.event.controller?.startedNs : undefined;
}

/** First the address, then the controller, then its listener. */
export function vipBeforeController(one: Promotion): Assertion {
  const { node, owns, listens, controllerNs } = one;
  const says = `the controller of ${node} started after the VIP arrived`;
  const events = [owns.events[0], listens.events[0]];
  if (listens.fromNs < owns.earliestNs)
    return refuted(says, `it listened ${msOf(owns.fromNs - listens.fromNs)} ms before the VIP arrived`, events);
  if (controllerNs === undefined) return undecided(says, "its start is not known");
  if (controllerNs + startGrainNs < owns.earliestNs)
    return refuted(says, `it started ${msOf(owns.earliestNs - controllerNs)} ms before the VIP arrived`, events);
  return kept(says, { events });
}

/** keepalived sends adverts as MASTER when the address arrives, before the controller starts. */
export function transitionBeforeController(view: HistoryView, wire: Wire, one: Promotion): Assertion {
  const { node, owns, controllerNs } = one;
  const says = `keepalived on ${node} had become MASTER before its controller started`;
  const coming = comingOf(owns);
  const advert = advertIn(wire, node, coming);
  if (!advert && !isLookedAt(wire, coming)) return undecided(says, "no capture ran at that time");
  if (!advert && isCutOff(wire, node, coming))
    return undecided(says, `no other node could receive the adverts of ${node} at that time`);
  if (!advert) {
    const assertion = refuted(says, `none of its adverts was seen within a second of the VIP`, [owns.events[0]]);
    const later = wire.adverts[node].find(({ t }) => t > coming.toNs);
    if (!later) return assertion;
    const late = { tookNs: later.t - owns.fromNs, boundNs: advertSlackNs };
    return unlessContended(view, { fromNs: owns.fromNs, toNs: later.t }, { assertion, late });
  }
  if (controllerNs === undefined) return undecided(says, "the start of its controller is not known");
  if (controllerNs + startGrainNs < advert.t - advertSlackNs) {
    const saw = `its controller started ${secondsOf(advert.t - controllerNs)} s before its first advert`;
    const assertion = refuted(says, saw, [advert.index, one.listens.events[0]]);
    const late = { tookNs: advert.t - controllerNs, boundNs: advertSlackNs };
    return unlessContended(view, { fromNs: controllerNs, toNs: advert.t }, { assertion, late });
  }
  return kept(says, { events: [advert.index, owns.events[0]] });
}

/** A node that has lost the VIP stops listening before the other one can become MASTER. */
export function stopsWithTheVip(view: HistoryView, node: ServiceNode): Assertion {
  const says = `${node} stopped listening when it lost the VIP`;
  const graceNs = vrrpSilenceNs(specOf(view));
  let contended: Assertion | undefined;
  for (const listens of view.spans[node].listens) {
    const owns = view.spans[node].owns.findLast(
      (one) => one.fromNs <= listens.toNs && one.latestNs >= listens.earliestNs,
    );
    const sinceNs = owns ? owns.latestNs : listens.earliestNs;
    // A frozen node can stop nothing. Its time counts from when it goes on.
    const frozen = view.spans[node].frozen.filter((one) => one.earliestNs <= listens.toNs && one.latestNs >= sinceNs);
    const overNs = listens.toNs - Math.max(sinceNs, ...frozen.map(({ latestNs }) => latestNs));
    if (overNs <= graceNs) continue;
    const assertion = refuted(says, `it listened ${secondsOf(overNs)} s without it`, [...listens.events]);
    const late = { tookNs: overNs, boundNs: graceNs };
    const judged = unlessContended(view, { fromNs: sinceNs, toNs: listens.toNs }, { assertion, late });
    if (judged.verdict === "broken") return judged;
    contended ??= judged;
  }
  return contended ?? kept(says);
}

/** When each stage came, counted from the arrival of the VIP. */
export function stagesOf(view: HistoryView, wire: Wire, one: Promotion): PromotionStages {
  const { node, owns, listens, controllerNs } = one;
  const advert = advertIn(wire, node, comingOf(owns));
  const answer = firstAnswer(view, (o) => o.node === node && o.endNs >= listens.earliestNs);
  const after = (t: number | undefined) => (t === undefined ? null : msOf(t - owns.fromNs));
  return {
    node,
    advertMs: after(advert?.t),
    controllerMs: after(controllerNs),
    listensMs: after(listens.fromNs),
    answerMs: after(answer?.endNs),
    resolutionMs: msOf(owns.fromNs - owns.earliestNs),
  };
}
