// keepalived of a node is made to step back: one advert of a higher priority reaches it from its peer's address on the
// control segment, as from a peer that preempts. It is sent from inside the peer's namespace.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { isServiceNode, otherServiceNode } from "#spec/node.ts";
import { virtualRouterId } from "#topology/render-keepalived.ts";
import type { Fault } from "./fault.ts";
import { placeOf } from "./vip.ts";

/** Above both nodes' own; 255 is the address owner's, which is another thing. */
const priority = 254;
const proofDeadlineMs = 3_000;

export const outranked: Fault<"outranked"> = {
  does: "One VRRP advert of a higher priority reaches the node in its peer's name, so that keepalived goes to BACKUP.",
  inject: async (zone, spec) => {
    if (!isServiceNode(spec.node)) throw new HarnessError("usage/unknown-node", `${spec.node} runs no keepalived`);
    const peer = zone.node(otherServiceNode(spec.node));
    const { controlAddress } = zone.node(spec.node).plan;
    const atNs = nowNs();
    const { bytes } = await zone.askNode(peer.name, {
      do: "advert",
      source: peer.plan.controlAddress!,
      destination: controlAddress!,
      routerId: virtualRouterId,
      priority,
      vip: zone.plan.vip,
    });
    await pollUntil(
      async () => {
        const place = await placeOf(zone, spec, zone.plan.vip);
        return place ? { saw: `the VIP is on ${place.device}` } : { done: true };
      },
      { what: `${spec.node} to step back`, deadlineMs: proofDeadlineMs, intervalMs: 20, code: "fault/no-effect" },
    );
    return {
      proof: `an advert of priority ${priority}, ${bytes} bytes, was sent, and the VIP left ${spec.node}`,
      atNs,
    };
  },
  heal: async () => "one packet: it stands for nothing once it has been heard",
};
