// Makes keepalived leave MASTER: one advert of a higher priority reaches it from its VRRP peer's address on the control
// segment, as if the peer preempted. The advert is sent from the peer's namespace.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { isServiceNode, otherServiceNode } from "#spec/node.ts";
import { virtualRouterId } from "#topology/render-keepalived.ts";
import type { Fault } from "../fault.ts";
import { interfaceOf } from "./vip.ts";

/** Above both nodes' own priorities. 255 would mean the owner of the address, which follows other rules. */
const priority = 254;
const proofDeadlineMs = 3_000;

export const outranked: Fault<"outranked"> = {
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
        const place = await interfaceOf(zone, spec, zone.plan.vip);
        return place ? { saw: `the VIP is on ${place.device}` } : { done: true };
      },
      { what: `${spec.node} to give up the VIP`, deadlineMs: proofDeadlineMs, intervalMs: 20, code: "fault/no-effect" },
    );
    return {
      proof: `an advert of priority ${priority}, ${bytes} bytes, was sent, and the VIP left ${spec.node}`,
      atNs,
    };
  },
  heal: async () => "nothing to undo: it was one packet",
};
