// A network manager flushes every address of an interface, the VIP among them, and sets nothing again. Afterwards the
// interface can be found by its MAC only.

import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import { addressOn, macOn } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";
import { inNet } from "../run-in-net.ts";

type Flushed = SpecOf<"address-flushed">;

async function deviceOf(zone: StartedZone, { node, segment }: Flushed): Promise<string> {
  const mac = macOn(zone.plan.nodes[node], segment) ?? "none";
  const links = await inNet(zone, node, ["ip", "-o", "link"]);
  const line = links.split("\n").find((one) => one.includes(mac));
  const device = /^\d+:\s+([^:@\s]+)/.exec(line ?? "")?.[1];
  if (!device) throw new HarnessError("fault/no-effect", `no interface of ${node} has the MAC ${mac}`);
  return device;
}

async function addressesOn(zone: StartedZone, node: Flushed["node"], device: string): Promise<string[]> {
  const lines = await inNet(zone, node, ["ip", "-4", "-o", "address", "show", "dev", device]);
  return [...lines.matchAll(/inet (\S+)/g)].map((match) => match[1]!);
}

export const addressFlushed: Fault<"address-flushed"> = {
  isImpossible: async (zone, { node, segment }) =>
    addressOn(zone.plan.nodes[node], segment) ? null : `${node} has no interface on ${segment}`,
  inject: async (zone, spec) => {
    const device = await deviceOf(zone, spec);
    const before = await addressesOn(zone, spec.node, device);
    await inNet(zone, spec.node, ["ip", "-4", "address", "flush", "dev", device]);
    const own = addressOn(zone.plan.nodes[spec.node], spec.segment)!;
    const after = await addressesOn(zone, spec.node, device);
    if (after.some((one) => one.startsWith(`${own}/`)))
      throw new HarnessError("fault/no-effect", `${device} of ${spec.node} still has ${after.join(", ")}`);
    return effectNow(`the kernel removed ${before.join(", ")} from ${device}`);
  },
  heal: async (zone, spec) => {
    if (!zone.node(spec.node).isUp) return "the node is down";
    const device = await deviceOf(zone, spec);
    const own = addressOn(zone.plan.nodes[spec.node], spec.segment)!;
    const net = spec.segment === "zone" ? zone.plan.zoneSubnet : zone.plan.controlSubnet;
    await inNet(zone, spec.node, ["ip", "address", "replace", `${own}/${net.split("/")[1]}`, "dev", device]);
    const after = await addressesOn(zone, spec.node, device);
    if (!after.some((one) => one.startsWith(`${own}/`)))
      throw new HarnessError("fault/not-undone", `${device} of ${spec.node} has ${after.join(", ") || "no address"}`);
    return `${device} has ${after.join(", ")}`;
  },
};
