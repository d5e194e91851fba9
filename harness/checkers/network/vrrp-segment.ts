// NET-4: VRRP runs only between Alpha and Beta, on the control segment. Decided by captures of IP protocol 112 on both
// segments. A capture that saw no packet at all proves nothing.

import { eventsOf, type HistoryView } from "#history/view.ts";
import { controlInterfaces, type HostInterface, type Segment, zoneInterfaces } from "#spec/node.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";

/** Where VRRP would be seen if it left the control segment. */
const places = [...controlInterfaces, ...zoneInterfaces];

/** The multicast group of VRRP. SEC-7 judges that adverts are unicast. */
const vrrpGroup = "224.0.0.18";

export const vrrpOnControl: Checker = {
  entry: "NET-4",
  check(view) {
    const adverts = eventsOf(view.history, "vrrp");
    const on = (segment: Segment) => adverts.filter(({ event }) => event.segment === segment).length;
    const assertions = [
      noneOnZone(view),
      betweenTheTwo(view),
      heardByBoth(view),
      ...places.map((one) => looked(view, one)),
    ];
    return rulingOf(assertions, { controlAdverts: on("control"), zoneAdverts: on("zone") });
  },
};

function noneOnZone(view: HistoryView): Assertion {
  const says = "no VRRP packet is on the zone segment";
  const found = eventsOf(view.history, "vrrp").find(({ event }) => event.segment === "zone");
  if (!found) return kept(says);
  const { seenBy, source, destination } = found.event;
  return refuted(says, `${seenBy} saw one from ${source} to ${destination}`, [found.index]);
}

function betweenTheTwo(view: HistoryView): Assertion {
  const says = "VRRP on the control segment is only between alpha and beta";
  const { alpha, beta } = view.history.header.zone.nodes;
  const two = [alpha.controlAddress, beta.controlAddress];
  if (two.includes(undefined)) return undecided(says, "the history does not name the control addresses");
  const stray = eventsOf(view.history, "vrrp").find(
    ({ event: { segment, source, destination, isForged } }) =>
      segment === "control" && !isForged && !(two.includes(source) && [...two, vrrpGroup].includes(destination)),
  );
  return stray
    ? refuted(says, `one goes from ${stray.event.source} to ${stray.event.destination}`, [stray.index])
    : kept(says);
}

/** Both nodes see the adverts of the sender. Those that the harness forged do not count. */
function heardByBoth(view: HistoryView): Assertion {
  const says = "adverts pass on the control segment";
  const adverts = eventsOf(view.history, "vrrp").filter(({ event }) => event.segment === "control" && !event.isForged);
  for (const name of ["alpha", "beta"] as const) {
    if (adverts.some(({ event }) => event.seenBy === name)) continue;
    const looks = eventsOf(view.history, "capture").filter(({ event }) => event.segment === "control");
    if (!looks.some(({ event }) => event.seenBy === name)) return undecided(says, `nothing was captured on ${name}`);
    return unlessContended(view, captured(view), { assertion: missed(says, `${name} saw no advert there`) });
  }
  return kept(says, { saw: `${adverts.length} were seen`, events: adverts.slice(0, 2).map(({ index }) => index) });
}

/** A capture program that waits for a core misses packets. */
function captured(view: HistoryView): { fromNs: number; toNs: number } {
  const times = eventsOf(view.history, "capture").map(({ event }) => event.t);
  return { fromNs: Math.min(...times), toNs: Math.max(...times) };
}

function looked(view: HistoryView, { host: seenBy, segment }: HostInterface): Assertion {
  const says = `a capture ran on ${seenBy} on the ${segment} segment`;
  const looks = eventsOf(view.history, "capture").filter(
    ({ event }) => event.seenBy === seenBy && event.segment === segment && event.phase === "ended",
  );
  const packets = looks.reduce((sum, { event }) => sum + (event.packets ?? 0), 0);
  if (looks.length === 0) return undecided(says, "no capture was made there");
  return packets > 0
    ? kept(says, { saw: `${packets} packets of any kind`, events: looks.map(({ index }) => index) })
    : undecided(says, "the capture there saw no packet of any kind");
}
