// VRRP adverts in the captures: who sent them, and when a capture could see them. keepalived sends one each second
// while it is MASTER and none otherwise, so adverts show its state. Queries only; the file decides no entry.

import { eventsOf, type HistoryView } from "#history/view.ts";
import { otherServiceNode, type ServiceNode, serviceNodes } from "#spec/node.ts";
import { returnNs, severs, touchNs } from "../queries/history-queries.ts";

export interface Advert {
  t: number;
  index: number;
}

export interface Stretch {
  fromNs: number;
  toNs: number;
}

export interface Wire {
  /** Adverts that claim the VIP (priority above 0). One that two hosts saw counts once. */
  adverts: Record<ServiceNode, Advert[]>;
  /** When a capture ran on the control segment, on a node that was up. */
  looked: Stretch[];
  /** When the node's adverts may not reach the segment: the node was cut off, or the other node was down. */
  cutOff: Record<ServiceNode, Stretch[]>;
}

/** Two sightings closer than this are one advert: a node sends one each second. */
const sameAdvertNs = 300e6;

export function wireOf(view: HistoryView): Wire {
  const { nodes } = view.history.header.zone;
  const seen = eventsOf(view.history, "vrrp").filter(
    ({ event }) => event.segment === "control" && event.priority > 0 && !event.isForged,
  );
  const advertsOf = (node: ServiceNode): Advert[] => {
    const own: Advert[] = [];
    for (const { event, index } of seen) {
      if (event.source !== nodes[node].controlAddress) continue;
      if (event.t - (own.at(-1)?.t ?? -Infinity) > sameAdvertNs) own.push({ t: event.t, index });
    }
    return own;
  };
  return {
    adverts: { alpha: advertsOf("alpha"), beta: advertsOf("beta") },
    looked: lookedAt(view),
    cutOff: { alpha: cutsOf(view, "alpha"), beta: cutsOf(view, "beta") },
  };
}

/** One capture ran over all of that time. */
export function isLookedAt(wire: Wire, { fromNs, toNs }: Stretch): boolean {
  return wire.looked.some((one) => one.fromNs <= fromNs && one.toNs >= toNs);
}

/** The node was cut off the control segment at some time in that stretch. */
export function isCutOff(wire: Wire, node: ServiceNode, { fromNs, toNs }: Stretch): boolean {
  return wire.cutOff[node].some((one) => one.fromNs <= toNs && one.toNs >= fromNs);
}

/** The first advert of that node in that stretch. */
export function advertIn(wire: Wire, node: ServiceNode, { fromNs, toNs }: Stretch): Advert | undefined {
  return wire.adverts[node].find(({ t }) => t >= fromNs && t <= toNs);
}

function lookedAt(view: HistoryView): Stretch[] {
  const captures = eventsOf(view.history, "capture").filter(({ event }) => event.segment === "control");
  return serviceNodes.flatMap((host) => {
    const own = captures.filter(({ event }) => event.seenBy === host);
    return own.flatMap(({ event }, place) => {
      if (event.phase !== "began") return [];
      const fromNs = event.t;
      const endedNs = own.slice(place).find((one) => one.event.phase === "ended")?.event.t ?? view.lastNs;
      // A capture in a node's namespace ends with the node.
      const goneNs = view.spans[host].down.find((span) => span.earliestNs >= fromNs)?.earliestNs ?? Infinity;
      return [{ fromNs, toNs: Math.min(endedNs, goneNs) }];
    });
  });
}

/**
 * Adverts are unicast. When the other node is down and the neighbour entry has expired, they stay in the sender's
 * kernel (seen: none for 37 s). Their absence proves nothing then.
 */
function cutsOf(view: HistoryView, node: ServiceNode): Stretch[] {
  const peerDown = view.spans[otherServiceNode(node)].down.map((one) => ({
    fromNs: one.earliestNs,
    toNs: one.latestNs,
  }));
  return [...peerDown, ...ownCutsOf(view, node)];
}

function ownCutsOf(view: HistoryView, node: ServiceNode): Stretch[] {
  return view.faults
    .filter((life) => life.nodes.includes(node) && severs(life, "control"))
    .map((life) => ({
      fromNs: touchNs(life),
      toNs: returnNs(life),
    }));
}
