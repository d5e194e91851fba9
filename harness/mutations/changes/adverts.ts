// Wrong VRRP: packets where none may be, adverts of a node without the VIP, and a VIP without adverts.

import type { VrrpEvent } from "#history/event.ts";
import { otherServiceNode, serviceNodes } from "#spec/node.ts";
import { type Change, nsPerMs, nsPerS, only, type Variant } from "../change.ts";
import { overlaid } from "../overlay.ts";
import type { Scene } from "../scene.ts";

/** A packet that one host saw, a second after the capture there began. */
function stray(
  name: string,
  says: string,
  { turns, packet }: { turns: string[]; packet: (scene: Scene, own: string, other: string) => Partial<VrrpEvent> },
): Change {
  return {
    name,
    kind: "adverts",
    says,
    turns,
    variants: (scene) =>
      scene
        .of("capture")
        .filter(({ event }) => event.phase === "began")
        .flatMap(({ event }): Variant[] => {
          const { alpha, beta } = scene.header.zone.nodes;
          const change = packet(scene, alpha.controlAddress ?? "", beta.controlAddress ?? "");
          if ((change.segment ?? event.segment) !== event.segment) return [];
          const advert: VrrpEvent = {
            t: event.t + nsPerS,
            type: "vrrp",
            seenBy: event.seenBy,
            segment: event.segment,
            source: alpha.controlAddress ?? "",
            destination: beta.controlAddress ?? "",
            priority: 150,
            ...change,
          };
          return [{ at: `seen by ${event.seenBy} on the ${event.segment} segment`, events: () => scene.with(advert) }];
        }),
  };
}

const onZone = stray("vrrp-on-the-zone-segment", "a VRRP packet is on the zone segment", {
  turns: ["NET-4", "SEC-6"],
  packet: () => ({ segment: "zone" }),
});

const toGroup = stray("vrrp-to-the-group", "an advert goes to the multicast group", {
  turns: ["SEC-7"],
  packet: () => ({ segment: "control", destination: "224.0.0.18" }),
});

const fromGamma = stray("vrrp-from-a-third-host", "a third host sends VRRP on the control segment", {
  turns: ["NET-4"],
  packet: (_, own) => ({ segment: "control", source: own.replace(/\d+$/, "99") }),
});

/** keepalived of a node that never has the VIP in the capture speaks as MASTER. */
const speaksWithout: Change = {
  name: "adverts-without-the-vip",
  kind: "adverts",
  says: "keepalived of a node without the VIP sends adverts",
  turns: ["MECH-1"],
  variants: (scene) => {
    const began = scene.of("capture").find(({ event }) => event.segment === "control" && event.phase === "began");
    if (!began) return [];
    return serviceNodes.flatMap((node): Variant[] => {
      const t = began.event.t + 0.1 * nsPerS;
      const isNear = scene.view.spans[node].owns.some(
        (span) => span.earliestNs - 2 * nsPerS < t && span.latestNs + 2 * nsPerS > t,
      );
      const { controlAddress } = scene.header.zone.nodes[node];
      if (isNear || !controlAddress) return [];
      const { seenBy, segment } = began.event;
      const advert = { type: "vrrp", seenBy, segment, source: controlAddress, destination: "", priority: 30 } as const;
      return [{ at: node, events: () => scene.with({ ...advert, t }) }];
    });
  },
};

/** The address is put on the node by something else: no advert of the node was ever seen. */
const vipWithout: Change = {
  name: "vip-without-adverts",
  kind: "adverts",
  says: "the VIP comes to a node whose keepalived sends no advert",
  turns: ["MECH-1", "MECH-2"],
  variants: (scene) =>
    scene.takeovers().flatMap(({ to, place }): Variant[] => {
      const { controlAddress } = scene.header.zone.nodes[to];
      const isOwn = (event: VrrpEvent) => event.source === controlAddress;
      if (!scene.of("vrrp").some(({ event }) => isOwn(event))) return [];
      return [
        {
          at: `${to}, takeover ${place + 1}`,
          events: () => scene.editedOf("vrrp", (event) => (isOwn(event) ? undefined : event)),
        },
      ];
    }),
};

/** The controller ran before keepalived gave the node the address. */
const controllerFirst: Change = {
  name: "controller-before-the-vip",
  kind: "adverts",
  says: "the controller of the node that takes over started before the VIP came",
  turns: ["MECH-2", "BOOT-4"],
  variants: (scene) => {
    const isCold = scene.of("node").some(({ event }) => event.phase === "starting");
    const sinceNs = isCold ? -Infinity : scene.markNs("zone-ready");
    const owns = serviceNodes.flatMap((node) =>
      scene.view.spans[node].owns.filter((span) => span.fromNs > sinceNs && span.fromNs < scene.loadEndNs),
    );
    return owns.flatMap((span): Variant[] => {
      const isOfIt = (event: { node: string; t: number; controller?: unknown }) =>
        event.node === span.node && event.t >= span.fromNs && event.t <= span.toNs && event.controller !== undefined;
      if (!scene.of("observed").some(({ event }) => isOfIt(event))) return [];
      return [
        {
          at: `${span.node}, ${scene.second(span.fromNs)}`,
          events: () =>
            scene.editedOf("observed", (event) =>
              isOfIt(event)
                ? { ...event, controller: { ...event.controller!, startedNs: span.fromNs - 3 * nsPerS } }
                : event,
            ),
        },
      ];
    });
  },
};

const listensAfter: Change = {
  name: "controller-outlives-the-vip",
  kind: "adverts",
  says: "the controller listens for seconds after the VIP has left its node",
  turns: ["MECH-2", "DUAL-1", "INV-4"],
  variants: (scene) =>
    serviceNodes.flatMap((node) =>
      scene.view.spans[node].owns
        .filter((span) => !span.isOpen && span.latestNs + 6 * nsPerS < scene.loadEndNs)
        .filter((span) => scene.active(node).some((one) => one.fromNs >= span.fromNs && one.fromNs <= span.toNs))
        .filter(
          (span) =>
            // A frozen node can stop nothing.
            ![...scene.view.spans[node].down, ...scene.view.spans[node].frozen].some(
              (one) => one.earliestNs < span.latestNs + 6 * nsPerS && one.latestNs > span.toNs,
            ),
        )
        .flatMap((span) => {
          const stretch = { fromNs: span.toNs - nsPerMs, toNs: span.latestNs + 6 * nsPerS, listens: [scene.rpcEnd] };
          const made = overlaid(scene, node, stretch);
          return only(`${node}, ${scene.second(span.toNs)}`, made);
        }),
    ),
};

/** Adverts stop while the node keeps the VIP for longer than the other one waits. */
const fallsSilent: Change = {
  name: "vip-kept-in-silence",
  kind: "adverts",
  says: "keepalived of the owner falls silent for some seconds and the VIP stays",
  turns: ["MECH-1"],
  variants: (scene) => {
    const captures = scene.of("capture").filter(({ event }) => event.segment === "control" && event.phase === "ended");
    const toNs = Math.min(...captures.map(({ event }) => event.t), Infinity);
    if (toNs === Infinity) return [];
    return serviceNodes.flatMap((node): Variant[] => {
      const owned = scene.view.spans[node].owns.find(
        (span) => span.fromNs < toNs - 6 * nsPerS && span.toNs > toNs - nsPerS,
      );
      const { controlAddress } = scene.header.zone.nodes[node];
      const isSilenced = (event: VrrpEvent) =>
        event.source === controlAddress && event.t > toNs - 6 * nsPerS && event.t <= toNs;
      // Adverts are unicast: with the other node down, their absence says nothing.
      const isAlone = scene.view.spans[otherServiceNode(node)].down.some((span) => span.latestNs > toNs - 12 * nsPerS);
      if (!owned || isAlone || !scene.of("vrrp").some(({ event }) => isSilenced(event))) return [];
      return [{ at: node, events: () => scene.editedOf("vrrp", (event) => (isSilenced(event) ? undefined : event)) }];
    });
  },
};

/** What the forging must not do, and what must be shown of it. */
const forgingWorks: Change = {
  name: "forged-adverts-believed",
  kind: "adverts",
  says: "a node believes VRRP that was forged on the zone segment: its role changes for a moment",
  turns: ["SEC-8"],
  variants: (scene) => {
    const life = scene.view.faults.find((one) => one.fault === "forge-vrrp");
    if (!life) return [];
    const t = scene.effectOf(life) + nsPerS;
    return [
      ["alpha", "BACKUP"],
      ["beta", "MASTER"],
    ].flatMap(([node, role]) => {
      const made = overlaid(scene, node as "alpha" | "beta", { fromNs: t, toNs: t + 2 * nsPerS, role: role! });
      return only(node!, made);
    });
  },
};

const forgedUnseen: Change = {
  name: "forged-adverts-never-arrived",
  kind: "premises",
  says: "no forged advert was seen to arrive at one of the nodes",
  turns: ["SEC-8"],
  variants: (scene) =>
    scene.view.faults.some((one) => one.fault === "forge-vrrp")
      ? serviceNodes.map((node) => ({
          at: node,
          events: () =>
            scene.editedOf("vrrp", (event) => (event.seenBy === node && event.priority === 255 ? undefined : event)),
        }))
      : [],
};

export const advertChanges: readonly Change[] = [
  onZone,
  toGroup,
  fromGamma,
  speaksWithout,
  vipWithout,
  controllerFirst,
  listensAfter,
  fallsSilent,
  forgingWorks,
  forgedUnseen,
];
