// MECH-1: keepalived owns the VIP. A node gets the address when its keepalived starts to send adverts as MASTER, and
// keeps it while they are sent. It loses the address before their absence makes the other node MASTER. Captured adverts
// show keepalived's state.

import type { HistoryView } from "#history/view.ts";
import { type ServiceNode, serviceNodes } from "#spec/node.ts";
import { type Checker, nsPerMs, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { specOf, vrrpSilenceNs } from "../queries/zone-timers.ts";
import { advertIn, isCutOff, isLookedAt, type Stretch, type Wire, wireOf } from "./adverts.ts";
import { comingOf } from "./promotions.ts";

export const vipOwner: Checker = {
  entry: "MECH-1",
  check(view) {
    const wire = wireOf(view);
    const comings = serviceNodes.flatMap((node) => comingsOf(view, wire, node));
    const assertions = [
      ...(comings.length > 0 ? comings : [undecided("the VIP came to a node", "no node got it while a capture ran")]),
      ...serviceNodes.flatMap((node) => [staysWhileItSpeaks(view, wire, node), neverSpeaksWithout(view, wire, node)]),
    ];
    const adverts = Object.fromEntries(serviceNodes.map((node) => [node, wire.adverts[node].length]));
    return rulingOf(assertions, { comings: comings.length, adverts });
  },
};

/** One assertion for each arrival of the VIP at the node while a capture ran. */
function comingsOf(view: HistoryView, wire: Wire, node: ServiceNode): Assertion[] {
  const firstIndex = view.observations[node][0]?.index;
  return view.spans[node].owns.flatMap((span): Assertion[] => {
    const coming = comingOf(span);
    if (span.events[0] === firstIndex) return [];
    const says = `the VIP came to ${node} as its keepalived became MASTER`;
    const advert = advertIn(wire, node, coming);
    if (advert) return [kept(says, { events: [advert.index, span.events[0]] })];
    const later = wire.adverts[node].find(({ t }) => t > coming.toNs);
    if (!isLookedAt(wire, coming)) return [];
    // A later advert proves that the capture would have seen an earlier one.
    if (!later && isCutOff(wire, node, coming)) return [];
    const saw = later ? `its first advert came ${secondsOf(later.t - span.fromNs)} s later` : "it never sent an advert";
    const assertion = refuted(says, saw, [span.events[0]]);
    if (!later) return [assertion];
    const late = { tookNs: later.t - span.fromNs, boundNs: coming.toNs - span.fromNs };
    return [unlessContended(view, { fromNs: span.fromNs, toNs: later.t }, { assertion, late })];
  });
}

/** Longer than the interval of adverts and the delay of the pipe on a busy host. */
const graceNs = 500 * nsPerMs;

/** While the node runs and owns the VIP, its adverts never stop for longer than the other node waits. */
function staysWhileItSpeaks(view: HistoryView, wire: Wire, node: ServiceNode): Assertion {
  const says = `${node} lost the VIP when its adverts stopped`;
  const longestNs = vrrpSilenceNs(specOf(view)) + graceNs;
  const events: number[] = [];
  let contended: Assertion | undefined;
  for (const span of view.spans[node].owns)
    for (const silence of silences(wire, node, span)) {
      const { fromNs, toNs } = silence;
      const isFrozen = view.spans[node].frozen.some((one) => one.earliestNs <= toNs && one.latestNs >= fromNs);
      if (toNs - fromNs <= longestNs || isFrozen || isCutOff(wire, node, silence)) continue;
      if (!isLookedAt(wire, silence)) continue;
      const tookNs = toNs - fromNs;
      const assertion = refuted(says, `it kept the VIP for ${secondsOf(tookNs)} s without an advert`, [...span.events]);
      const judged = unlessContended(view, silence, { assertion, late: { tookNs, boundNs: longestNs } });
      if (judged.verdict === "broken") return judged;
      contended ??= judged;
    }
  if (contended) return contended;
  for (const advert of wire.adverts[node]) if (events.length < 2) events.push(advert.index);
  return kept(says, { events });
}

/** Stretches of the given one without an advert of the node, while a capture ran. */
function silences(wire: Wire, node: ServiceNode, { fromNs, toNs }: Stretch): Stretch[] {
  return wire.looked.flatMap((looked) => {
    const startNs = Math.max(fromNs, looked.fromNs);
    const endNs = Math.min(toNs, looked.toNs);
    if (endNs <= startNs) return [];
    const inside = wire.adverts[node].map(({ t }) => t).filter((t) => t > startNs && t < endNs);
    const stops = [startNs, ...inside, endNs];
    return stops.slice(1).map((t, place) => ({ fromNs: stops[place]!, toNs: t }));
  });
}

/** A node sends adverts only when it has the VIP, is just getting it, or has just given it up. */
function neverSpeaksWithout(view: HistoryView, wire: Wire, node: ServiceNode): Assertion {
  const says = `${node} sent adverts as MASTER only with the VIP`;
  let contended: Assertion | undefined;
  for (const { t, index } of wire.adverts[node]) {
    const apartNs = view.spans[node].owns.map((one) => Math.max(one.earliestNs - t, t - one.latestNs));
    const tookNs = Math.min(...apartNs);
    if (tookNs <= speakSlackNs) continue;
    const assertion = refuted(says, "it sent an advert without the VIP", [index]);
    const late = { tookNs, boundNs: speakSlackNs };
    const judged = unlessContended(view, { fromNs: t - tookNs, toNs: t + tookNs }, { assertion, late });
    if (judged.verdict === "broken") return judged;
    contended ??= judged;
  }
  return contended ?? kept(says);
}

/** One and a half advert intervals: the last advert may leave together with the address. */
const speakSlackNs = 1.5 * nsPerS;
