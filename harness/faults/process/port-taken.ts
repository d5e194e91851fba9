// The agent listens on the RPC port of the VIP inside the node. The node need not have the VIP yet.

import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

async function set(zone: StartedZone, spec: SpecOf<"port-taken">, isHeld: boolean): Promise<string> {
  const { rpc: port } = zone.plan.contract.ports;
  const { listeners } = await zone.askNode(spec.node, {
    do: "port",
    address: zone.plan.vip,
    port,
    isHeld,
  });
  if (isHeld && listeners.length !== 1)
    throw new HarnessError("fault/no-effect", `listeners on port ${port}: ${listeners.join(", ")}`);
  return `listeners on port ${port} of ${spec.node}: ${listeners.join(", ") || "none"}`;
}

export const portTaken: Fault<"port-taken"> = {
  inject: async (zone, spec) => effectNow(await set(zone, spec, true)),
  heal: async (zone, spec) => (zone.node(spec.node).isUp ? set(zone, spec, false) : "the node is down"),
};
