// The two macvlan networks of a zone, on bridges that Ground made. Not a maker of bridges, and no addresses: those are planned.

import type Docker from "dockerode";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { Segment } from "#spec/node.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { bridgeOf } from "./ground.ts";

type Named = Pick<ZonePlan, "id">;

export function networkOf(plan: Named, segment: Segment): string {
  return `triad-${plan.id}-${segment}`;
}

/** @throws HarnessError `engine/no-macvlan` */
export async function makeNetworks(docker: Docker, plan: ZonePlan, labels: Record<string, string>): Promise<void> {
  const bridges = bridgeOf(plan.index);
  const make = (segment: Segment, subnet: string) =>
    docker.createNetwork({
      Name: networkOf(plan, segment),
      Driver: "macvlan",
      Internal: true,
      Options: { parent: bridges[segment], macvlan_mode: "bridge" },
      IPAM: { Driver: "default", Config: [{ Subnet: subnet }] },
      Labels: labels,
    });
  try {
    await Promise.all([make("zone", plan.zoneSubnet), make("control", plan.controlSubnet)]);
  } catch (error) {
    throw new HarnessError("engine/no-macvlan", `the daemon made no macvlan network: ${messageOf(error).trim()}`, {
      cause: error,
    });
  }
}
