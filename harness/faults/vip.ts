// The VIP taken from a node or given to it by hand, as an operator's slip would: neither keepalived nor the gate program
// is asked. Runs the agent's own `ip` in the node's network namespace.

import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "./fault.ts";

type VipSpec = Pick<SpecOf<"vip-removed">, "node">;

const timeoutMs = 5_000;

async function ip(zone: StartedZone, spec: VipSpec, argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await zone.askNode(spec.node, {
    do: "run-inside",
    namespaces: ["net"],
    argv: ["ip", ...argv],
    timeoutMs,
  });
  if (code !== 0) throw new HarnessError("fault/no-effect", `ip ${argv.join(" ")}: ${stderr.trim()}`);
  return stdout;
}

/** The interface that carries an address, and the prefix length there; undefined when none does. */
export async function placeOf(
  zone: StartedZone,
  spec: VipSpec,
  address: string,
): Promise<{ device: string; prefix: string } | undefined> {
  const line = await ip(zone, spec, ["-4", "-o", "address", "show", "to", `${address}/32`]);
  const match = /^\d+:\s+(\S+)\s+inet \S+\/(\d+)/.exec(line);
  return match ? { device: match[1]!, prefix: match[2]! } : undefined;
}

/** Idempotent. Words for what was done. */
async function remove(zone: StartedZone, spec: VipSpec): Promise<string> {
  const { vip } = zone.plan;
  const place = await placeOf(zone, spec, vip);
  if (!place) return `${vip} is not on ${spec.node}`;
  await ip(zone, spec, ["address", "del", `${vip}/${place.prefix}`, "dev", place.device]);
  return `the kernel of ${spec.node} acknowledged the removal of ${vip} from ${place.device}`;
}

export const vipRemoved: Fault<"vip-removed"> = {
  does: "The VIP is deleted from the node's interface behind keepalived's back.",
  inject: async (zone, spec) => {
    const proof = await remove(zone, spec);
    // keepalived may put it back at once: the kernel's acknowledgement is the proof, not a later look.
    if (proof.includes("is not on")) throw new HarnessError("fault/no-effect", proof);
    return effectNow(proof);
  },
  heal: async () => "nothing to put back: the zone decides where the VIP is",
};

export const vipAdded: Fault<"vip-added"> = {
  does: "The VIP is added to the node's interface behind keepalived's back.",
  inject: async (zone, spec) => {
    const { vip } = zone.plan;
    const place = await placeOf(zone, spec, zone.node(spec.node).plan.zoneAddress);
    if (!place) throw new HarnessError("fault/no-effect", `${spec.node} has no interface on the zone segment`);
    await ip(zone, spec, ["address", "add", `${vip}/${place.prefix}`, "dev", place.device]);
    return effectNow(`the kernel of ${spec.node} took ${vip} on ${place.device}`);
  },
  heal: async (zone, spec) => (zone.node(spec.node).isUp ? remove(zone, spec) : "the node is down"),
};
