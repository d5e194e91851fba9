// VRRP adverts as a capture saw them: whose they were, and when they could have been seen. keepalived sends one each second
// while it is MASTER and none otherwise, so they are its state as the wire shows it. Lookups; it decides no entry.

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
  /** Adverts that claim the VIP (priority over 0), each once although two hosts may have seen it. */
  adverts: Record<ServiceNode, Advert[]>;
  /** When somebody who was up looked at the control segment. */
  looked: Stretch[];
  /** When the node's adverts may not reach the wire: it was cut off the control segment, or nobody was there to get them. */
  cutOff: Record<ServiceNode, Stretch[]>;
}

/** The same advert seen by two hosts: adverts of one node are a second apart. */
const sameAdvertNs = 300e6;

export function wireOf(view: HistoryView): Wire {
  const { nodes } = view.history.header.zone;
  const seen = eventsOf(view.history, "vrrp").filter(({ event }) => event.segment === "control" && event.priority > 0);
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

/** Somebody looked over all of it. */
export function isLookedAt(wire: Wire, { fromNs, toNs }: Stretch): boolean {
  return wire.looked.some((one) => one.fromNs <= fromNs && one.toNs >= toNs);
}

/** The node was cut off the control segment at some time in it. */
export function isCutOff(wire: Wire, node: ServiceNode, { fromNs, toNs }: Stretch): boolean {
  return wire.cutOff[node].some((one) => one.fromNs <= toNs && one.toNs >= fromNs);
}

/** The first advert of that node in it. */
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
      // A capture in a node's namespace sees nothing more once the node is gone.
      const goneNs = view.spans[host].down.find((span) => span.earliestNs >= fromNs)?.earliestNs ?? Infinity;
      return [{ fromNs, toNs: Math.min(endedNs, goneNs) }];
    });
  });
}

/**
 * Adverts are unicast: with the peer down they stay in the sender's kernel as soon as its neighbour entry has run out (seen:
 * none for 37 s), so their absence says nothing then.
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
