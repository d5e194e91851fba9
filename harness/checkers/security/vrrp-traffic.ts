// SEC-6 and SEC-7: where VRRP was seen through a failover, and to which addresses it was sent. Its absence on the zone
// segment counts only when the capture saw other packets there, and VRRP on the control segment.

import type { HostName, VrrpEvent } from "#history/event.ts";
import { type At, eventsOf, type HistoryView, markOf } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import { type Checker, counted, type Ruling } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { activeSpans, marksOf } from "../queries/history-queries.ts";

/** Hosts on which the zone segment must have been captured. */
const onlookers: readonly HostName[] = [...nodeNames, "client"];

export const vrrpHidden: Checker = {
  entry: "SEC-6",
  check(view): Ruling {
    const adverts = eventsOf(view.history, "vrrp");
    const outside = adverts.filter(({ event }) => event.segment !== "control");
    const assertions = [
      noneOutside(outside),
      failedOver(view),
      vrrpRan(view, adverts),
      ...onlookers.map((host) => lookedAt(view, host)),
    ];
    return rulingOf(assertions, { seenOnControl: adverts.length - outside.length, seenElsewhere: outside.length });
  },
};

export const vrrpUnicast: Checker = {
  entry: "SEC-7",
  check(view): Ruling {
    const adverts = eventsOf(view.history, "vrrp");
    const destinations = [...new Set(adverts.map(({ event }) => event.destination))].sort();
    const group = adverts.find(({ event }) => isToMany(event.destination));
    const says = "every advert was sent to one host";
    const assertions = [
      group
        ? refuted(says, `${group.event.source} sent one to ${group.event.destination}`, [group.index])
        : kept(says, { saw: destinations.join(", ") }),
      failedOver(view),
      vrrpRan(view, adverts),
    ];
    return rulingOf(assertions, { adverts: adverts.length, destinations });
  },
};

/** IPv4 multicast and broadcast, and IPv6 multicast. */
function isToMany(address: string): boolean {
  const first = Number(address.split(".")[0]);
  return address.startsWith("ff") || (first >= 224 && first <= 239) || address.endsWith(".255");
}

function noneOutside(outside: readonly At<VrrpEvent>[]): Assertion {
  const says = "no VRRP packet was seen outside the control segment";
  const [first] = outside;
  if (!first) return kept(says);
  const { source, destination, seenBy, segment } = first.event;
  const saw = `${counted(outside.length, "packet")}, the first from ${source} to ${destination}, seen by ${seenBy} on the ${segment} segment`;
  return refuted(says, saw, [first.index]);
}

/** Adverts of both service nodes. Forged ones bear a node's address too, and do not count. */
function vrrpRan(view: HistoryView, adverts: readonly At<VrrpEvent>[]): Assertion {
  const says = "adverts of both service-bearing nodes were seen";
  const { alpha, beta } = view.history.header.zone.nodes;
  for (const [name, node] of Object.entries({ alpha, beta })) {
    const isOf = ({ event }: At<VrrpEvent>) =>
      event.source === node.zoneAddress || (node.controlAddress !== undefined && event.source === node.controlAddress);
    if (!adverts.some((one) => isOf(one) && !one.event.isForged))
      return undecided(says, `no advert of ${name} was seen`);
  }
  return kept(says, { saw: counted(adverts.length, "advert") });
}

function failedOver(view: HistoryView): Assertion {
  const says = "a failover happened while the captures ran";
  const began = eventsOf(view.history, "capture").find(({ event }) => event.phase === "began");
  const provoked = marksOf(view, "provoked").find(({ event }) => event.detail.expectsFailover);
  const fromNs = Math.max(began?.event.t ?? Infinity, provoked?.event.t ?? Infinity);
  const taken = activeSpans(view, "beta").find((span) => span.fromNs > fromNs);
  return taken
    ? kept(says, { events: taken.events })
    : undecided(says, "no failover was provoked, or beta did not take over");
}

/** From before the failover to its end. A host that failed itself captured until then. */
function lookedAt(view: HistoryView, host: HostName): Assertion {
  const says = `a capture ran on ${host} on the zone segment`;
  const mine = eventsOf(view.history, "capture").filter(
    ({ event }) => event.seenBy === host && event.segment === "zone",
  );
  const fromNs = marksOf(view, "provoked").find(({ event }) => event.detail.expectsFailover)?.event.t;
  const untilNs = markOf(view, "failed-over")?.event.t;
  const runs = mine.flatMap((began, place) => {
    const ended = began.event.phase === "began" && mine.slice(place).find(({ event }) => event.phase === "ended");
    return ended ? [{ began, ended }] : [];
  });
  if (runs.length === 0) return undecided(says, "no capture ran there from its beginning to its end");
  const through = runs.find(
    ({ began, ended }) => began.event.t <= (fromNs ?? -Infinity) && ended.event.t >= (untilNs ?? Infinity),
  );
  if (!through) return undecided(says, "the capture did not last through the failover");
  const { began, ended } = through;
  const packets = ended.event.packets ?? 0;
  if (packets === 0) return undecided(says, "the capture saw no packet of any kind");
  return kept(says, { saw: counted(packets, "packet"), events: [began.index, ended.index] });
}
