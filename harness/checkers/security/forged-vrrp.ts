// SEC-8 to SEC-10: a foreign host forges VRRP of the highest priority. From an address of no node it changes nothing,
// on either segment: the VIP stays, and no role changes. In the name of the peer it may move or stop the service, but
// never splits it, and clients are served soon after it ends. Captures on the nodes' own interfaces prove that the
// adverts arrived.

import type { ForgedSource } from "#spec/faults.ts";
import type { VrrpEvent } from "#history/event.ts";
import { overlapOf } from "#history/spans.ts";
import { type At, eventsOf, type FaultLife, type HistoryView } from "#history/view.ts";
import { otherServiceNode, type ServiceNode, serviceNodes } from "#spec/node.ts";
import { type Checker, counted, msOf, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import {
  neverServed,
  servedAtTheEnd,
  stayedActive,
  stayedStandby,
  wasActive,
  type Window,
} from "../failure/node-assertions.ts";
import { isLookedAt, wireOf } from "../mechanics/adverts.ts";
import { unlessContended, unlessContendedBefore } from "../queries/contention.ts";
import { collects } from "../queries/evidence.ts";
import { specOf, vrrpSilenceNs } from "../queries/zone-timers.ts";
import {
  activeSpans,
  beforeNs,
  effectNs,
  isOutside,
  loadEndNs,
  longestOutageNs,
  returnNs,
  roleAt,
  touchNs,
} from "../queries/history-queries.ts";

const group = "224.0.0.18";
/** keepalived would react at once, or after the adverts that it waits for: 4 and the skew, at one a second. */
const forgedMinMs = 5_000;

type Seen = At<VrrpEvent>;

export const forgedAdverts = unmoved("SEC-8", {
  lifeIn: (view) => view.faults.find((one) => one.fault === "forge-vrrp" && effectNs(one) < Infinity),
  isForged: ({ event }) => event.segment === "zone" && event.priority === 255,
  // Both kinds of forged advert: those to the group and those to the node alone.
  kindsFor: (view, node) => [group, view.history.header.zone.nodes[node].zoneAddress],
});

export const foreignControlIgnored = unmoved("SEC-9", {
  lifeIn: (view) => forgedAs(view, "foreign"),
  isForged: isOnControl,
  kindsFor: (view, node) => [group, view.history.header.zone.nodes[node].controlAddress ?? ""],
});

interface Forgery {
  lifeIn: (view: HistoryView) => FaultLife | undefined;
  isForged: (advert: Seen) => boolean;
  /** The destinations of adverts that must have arrived at that node. */
  kindsFor: (view: HistoryView, node: ServiceNode) => string[];
}

/** Decides an entry that says: adverts forged in that way change nothing. */
function unmoved(entry: string, forgery: Forgery): Checker {
  return {
    entry,
    check(view) {
      const life = forgery.lifeIn(view);
      if (!life) return rulingOf([neverForged], {});
      const active = life.nodes[0] as ServiceNode;
      const standby = otherServiceNode(active);
      const forged = { fromNs: touchNs(life), toNs: returnNs(life) };
      const window = { fromNs: touchNs(life), toNs: untilNextFault(view, life) };
      const seen = eventsOf(view.history, "vrrp").filter((one) => forgery.isForged(one) && isWithin(one, forged));
      const assertions = [
        wasActive(view, active, beforeNs(life)),
        ...serviceNodes.map((node) => arrived(seen, node, forgery.kindsFor(view, node))),
        lastedLongEnough(forged),
        stayedActive(view, active, window),
        stayedStandby(view, standby, window),
        neverServed(view, "gamma", window),
        ...serviceNodes.map((node) => keptItsRole(view, node, { ...window, fromNs: beforeNs(life) })),
        ...serviceNodes.flatMap((node) => spokeAsBefore(view, node, { forged, isMaster: node === active })),
        servedAtTheEnd(view, active, window.toNs),
      ];
      return rulingOf(assertions, figuresOf(view, { life, seen, window }));
    },
  };
}

export const peerNeverSplits: Checker = {
  entry: "SEC-10",
  check(view) {
    const life = forgedAs(view, "peer");
    if (!life) return rulingOf([neverForged], {});
    const node = life.nodes[0] as ServiceNode;
    const { nodes } = view.history.header.zone;
    const peerAddress = nodes[otherServiceNode(node)].controlAddress;
    const forged = { fromNs: touchNs(life), toNs: returnNs(life) };
    const window = { fromNs: touchNs(life), toNs: untilNextFault(view, life) };
    const seen = eventsOf(view.history, "vrrp").filter(
      (one) => isOnControl(one) && one.event.source === peerAddress && isWithin(one, forged),
    );
    const assertions = [
      wasActive(view, node, beforeNs(life)),
      arrived(seen, node, [group, nodes[node].controlAddress ?? ""]),
      lastedLongEnough(forged),
      neverBoth(view, window),
      servedSoonAfter(view, { fromNs: forged.toNs, toNs: window.toNs }),
      servedAtTheEnd(view, undefined, window.toNs),
    ];
    return rulingOf(assertions, figuresOf(view, { life, seen, window }));
  },
};

const neverForged = undecided("VRRP was forged", "no forged advert is proved to have arrived");

function forgedAs(view: HistoryView, as: ForgedSource): FaultLife | undefined {
  return view.faults.find((one) => one.fault === "forge-control" && one.spec.as === as && effectNs(one) < Infinity);
}

function isOnControl({ event }: Seen): boolean {
  return event.segment === "control" && event.isForged === true && event.priority === 255;
}

function isWithin({ event }: Seen, { fromNs, toNs }: Window): boolean {
  return event.t >= fromNs && event.t <= toNs;
}

/** The next fault has effects of its own. */
function untilNextFault(view: HistoryView, life: FaultLife): number {
  const next = view.faults.map(touchNs).filter((ns) => ns > touchNs(life));
  return Math.min(loadEndNs(view), ...next);
}

function figuresOf(view: HistoryView, of: { life: FaultLife; seen: readonly Seen[]; window: Window }) {
  return {
    proof: of.life.phases.healed?.event.proof ?? of.life.phases.effective?.event.proof ?? "",
    seenTo: destinationsOf(of.seen),
    longestOutageMs: msOf(longestOutageNs(view, of.window.fromNs, of.window.toNs)),
  };
}

function neverBoth(view: HistoryView, window: Window): Assertion {
  const says = "alpha and beta were never active together";
  const spans = serviceNodes.map((node) =>
    view.spans[node].active.filter((span) => span.latestNs >= window.fromNs && span.earliestNs <= window.toNs),
  );
  for (const a of spans[0]!)
    for (const b of spans[1]!) {
      const { certainNs, possibleNs } = overlapOf(a, b);
      const events = [...a.events, ...b.events];
      if (certainNs > 0) return refuted(says, `both were active for ${msOf(certainNs)} ms`, events);
      if (possibleNs > 0) return undecided(says, `both may have been active for ${msOf(possibleNs)} ms`);
    }
  const held = serviceNodes.filter((node) => activeSpans(view, node).length > 0);
  return held.length > 0 ? kept(says, { saw: held.join(", ") }) : undecided(says, "no node was seen active");
}

/** A node must be able to tell that the adverts ended. From then on it has the time of a failover. */
function servedSoonAfter(view: HistoryView, after: Window): Assertion {
  const { failoverMaxS } = view.bounds;
  const says = `clients were served within ${failoverMaxS} s of the last forged advert`;
  const answer = view.operations.find(
    (o) => o.f === "append" && o.outcome === "ok" && isOutside(o.process) && o.invokeNs >= after.fromNs,
  );
  const tookNs = (answer?.endNs ?? after.toNs) - after.fromNs;
  const boundNs = failoverMaxS * nsPerS;
  if (answer && tookNs <= boundNs) return kept(says, { saw: `after ${secondsOf(tookNs)} s`, events: [answer.index] });
  if (tookNs < boundNs) return undecided(says, `the load ended ${secondsOf(tookNs)} s after it`);
  const assertion = missed(says, `none was for ${secondsOf(tookNs)} s`, answer ? [answer.index] : []);
  return unlessContended(
    view,
    { fromNs: after.fromNs, toNs: after.fromNs + tookNs },
    {
      assertion,
      late: { tookNs, boundNs },
    },
  );
}

function arrived(forged: readonly Seen[], node: ServiceNode, destinations: readonly string[]): Assertion {
  const says = `forged adverts arrived at ${node}`;
  const seen = forged.filter(({ event }) => event.seenBy === node);
  for (const destination of destinations)
    if (!seen.some(({ event }) => event.destination === destination))
      return undecided(says, `no advert to ${destination} was seen there`);
  return kept(says, { saw: counted(seen.length, "advert"), events: seen.slice(0, 1).map(({ index }) => index) });
}

/** How many arrived, by destination. */
function destinationsOf(forged: readonly Seen[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event } of forged) counts[event.destination] = (counts[event.destination] ?? 0) + 1;
  return counts;
}

function lastedLongEnough(forged: Window): Assertion {
  const says = "adverts were forged for longer than a standby waits";
  const ms = msOf(forged.toNs - forged.fromNs);
  return ms >= forgedMinMs
    ? kept(says)
    : undecided(says, `they were forged for ${ms} ms, and at least ${forgedMinMs} are needed`);
}

/**
 * By the role that the node writes. It can convict the node, and shows nothing else where its adverts were captured.
 */
function keptItsRole(view: HistoryView, node: ServiceNode, window: Window): Assertion {
  const says = `the role of ${node} did not change`;
  const role = roleAt(view, node, window.fromNs);
  if (role === undefined) return undecided(says, `the role of keepalived on ${node} is not known`);
  const changes = view.observations[node].filter(
    ({ event }) => event.t > window.fromNs && event.t <= window.toNs && event.role !== undefined && event.role !== role,
  );
  if (changes.length === 0) return kept(says, { saw: role });
  return overAll(
    says,
    changes.map(({ event, index }) => {
      const saw = `keepalived on ${node} went from ${role} to ${event.role}`;
      return unlessContendedBefore(view, event.t, refuted(says, saw, [index]));
    }),
  );
}

/**
 * By the node's own adverts on the control segment: keepalived sends one each second as MASTER and none otherwise.
 * Older histories have no capture of that time.
 */
function spokeAsBefore(
  view: HistoryView,
  node: ServiceNode,
  { forged, isMaster }: { forged: Window; isMaster: boolean },
): Assertion[] {
  const says = isMaster ? `${node} went on to send adverts` : `${node} sent no advert`;
  const wire = wireOf(view);
  if (!isLookedAt(wire, forged))
    return collects(view, "adverts-while-forged") ? [undecided(says, "no capture ran on the control segment")] : [];
  const own = wire.adverts[node].filter(({ t }) => t >= forged.fromNs && t <= forged.toNs);
  const [first] = own;
  if (!isMaster && !first) return [kept(says)];
  if (!isMaster)
    return [
      unlessContendedBefore(view, first!.t, refuted(says, `it sent ${counted(own.length, "advert")}`, [first!.index])),
    ];
  const stops = [forged.fromNs, ...own.map(({ t }) => t), forged.toNs];
  const longestNs = Math.max(...stops.slice(1).map((t, place) => t - stops[place]!));
  const boundNs = vrrpSilenceNs(specOf(view));
  if (first && longestNs <= boundNs) return [kept(says, { saw: counted(own.length, "advert"), events: [first.index] })];
  const assertion = missed(says, `it sent none for ${secondsOf(longestNs)} s`);
  return [unlessContended(view, forged, { assertion, late: { tookNs: longestNs, boundNs } })];
}
