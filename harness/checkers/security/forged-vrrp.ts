// SEC-8: a foreign host on the zone segment forges VRRP of the highest priority. Nothing changes: the VIP stays, and no
// role changes. Captures on the nodes' own interfaces prove that the adverts arrived.

import { eventsOf, type HistoryView } from "#history/view.ts";
import { otherServiceNode, type ServiceNode, serviceNodes } from "#spec/node.ts";
import { type Checker, counted, msOf, type Ruling } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { neverServed, servedAtTheEnd, stayedActive, wasActive, type Window } from "../failure/node-assertions.ts";
import {
  beforeNs,
  effectNs,
  loadEndNs,
  longestOutageNs,
  returnNs,
  roleAt,
  touchNs,
} from "../queries/history-queries.ts";

const group = "224.0.0.18";
/** keepalived would react at once, or after the adverts that it waits for: 4 and the skew, at one a second. */
const forgedMinMs = 5_000;

export const forgedAdverts: Checker = {
  entry: "SEC-8",
  check(view): Ruling {
    const life = view.faults.find((one) => one.fault === "forge-vrrp" && effectNs(one) < Infinity);
    if (!life) return rulingOf([undecided("VRRP was forged", "no forged advert is proved to have arrived")], {});
    const active = life.nodes[0] as ServiceNode;
    const standby = otherServiceNode(active);
    const forged = { fromNs: touchNs(life), toNs: returnNs(life) };
    const window = { fromNs: touchNs(life), toNs: loadEndNs(view) };
    const assertions = [
      wasActive(view, active, beforeNs(life)),
      ...serviceNodes.map((node) => arrived(view, node, forged)),
      lastedLongEnough(forged),
      stayedActive(view, active, window),
      neverServed(view, standby, window),
      neverServed(view, "gamma", window),
      ...serviceNodes.map((node) => keptItsRole(view, node, { ...window, fromNs: beforeNs(life) })),
      servedAtTheEnd(view, active),
    ];
    return rulingOf(assertions, {
      proof: life.phases.healed?.event.proof ?? life.phases.effective?.event.proof ?? "",
      seenTo: destinationsOf(view, forged),
      longestOutageMs: msOf(longestOutageNs(view, window.fromNs, window.toNs)),
    });
  },
};

/** Both kinds of forged advert arrived: those to the group and those to the node alone. */
function arrived(view: HistoryView, node: ServiceNode, window: Window): Assertion {
  const says = `forged adverts arrived at ${node}`;
  const own = view.history.header.zone.nodes[node].zoneAddress;
  const seen = forgedIn(view, window).filter(({ event }) => event.seenBy === node);
  for (const destination of [group, own])
    if (!seen.some(({ event }) => event.destination === destination))
      return undecided(says, `no advert to ${destination} was seen there`);
  return kept(says, { saw: counted(seen.length, "advert"), events: seen.slice(0, 1).map(({ index }) => index) });
}

function forgedIn(view: HistoryView, window: Window) {
  return eventsOf(view.history, "vrrp").filter(
    ({ event }) =>
      event.segment === "zone" && event.priority === 255 && event.t >= window.fromNs && event.t <= window.toNs,
  );
}

/** How many arrived, by destination. */
function destinationsOf(view: HistoryView, window: Window): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event } of forgedIn(view, window)) counts[event.destination] = (counts[event.destination] ?? 0) + 1;
  return counts;
}

function lastedLongEnough(forged: Window): Assertion {
  const says = "adverts were forged for longer than a standby waits";
  const ms = msOf(forged.toNs - forged.fromNs);
  return ms >= forgedMinMs
    ? kept(says)
    : undecided(says, `they were forged for ${ms} ms, and at least ${forgedMinMs} are needed`);
}

function keptItsRole(view: HistoryView, node: ServiceNode, window: Window): Assertion {
  const says = `the role of ${node} did not change`;
  const role = roleAt(view, node, window.fromNs);
  if (role === undefined) return undecided(says, `the role of keepalived on ${node} is not known`);
  const change = view.observations[node].find(
    ({ event }) => event.t > window.fromNs && event.t <= window.toNs && event.role !== undefined && event.role !== role,
  );
  return change
    ? refuted(says, `keepalived on ${node} went from ${role} to ${change.event.role}`, [change.index])
    : kept(says, { saw: role });
}
