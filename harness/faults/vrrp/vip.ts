// Adds the VIP to a node or deletes it there, as an operator's mistake would: keepalived and the gate program do not
// know. Runs the agent's own `ip` in the node's network namespace.

import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

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

/** The interface that has an address, and the prefix length; undefined when none has it. */
export async function interfaceOf(
  zone: StartedZone,
  spec: VipSpec,
  address: string,
): Promise<{ device: string; prefix: string } | undefined> {
  const line = await ip(zone, spec, ["-4", "-o", "address", "show", "to", `${address}/32`]);
  const match = /^\d+:\s+(\S+)\s+inet \S+\/(\d+)/.exec(line);
  return match ? { device: match[1]!, prefix: match[2]! } : undefined;
}

/** Idempotent. @returns the proof of the removal, null when the VIP was not there. */
async function remove(zone: StartedZone, spec: VipSpec): Promise<string | null> {
  const { vip } = zone.plan;
  const place = await interfaceOf(zone, spec, vip);
  if (!place) return null;
  await ip(zone, spec, ["address", "del", `${vip}/${place.prefix}`, "dev", place.device]);
  return `the kernel of ${spec.node} acknowledged the removal of ${vip} from ${place.device}`;
}

const absent = (zone: StartedZone, { node }: VipSpec): string => `${zone.plan.vip} is not on ${node}`;

export const vipRemoved: Fault<"vip-removed"> = {
  inject: async (zone, spec) => {
    const proof = await remove(zone, spec);
    // keepalived may add it again at once, so a later look proves nothing. The kernel's acknowledgement does.
    if (!proof) throw new HarnessError("fault/no-effect", absent(zone, spec));
    return effectNow(proof);
  },
  heal: async () => "nothing to undo: the zone decides where the VIP is",
};

export const vipAdded: Fault<"vip-added"> = {
  inject: async (zone, spec) => {
    const { vip } = zone.plan;
    const place = await interfaceOf(zone, spec, zone.node(spec.node).plan.zoneAddress);
    if (!place) throw new HarnessError("fault/no-effect", `${spec.node} has no interface on the zone segment`);
    await ip(zone, spec, ["address", "add", `${vip}/${place.prefix}`, "dev", place.device]);
    return effectNow(`the kernel of ${spec.node} added ${vip} to ${place.device}`);
  },
  heal: async (zone, spec) =>
    zone.node(spec.node).isUp ? ((await remove(zone, spec)) ?? absent(zone, spec)) : "the node is down",
};
