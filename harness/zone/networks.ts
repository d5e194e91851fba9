// The macvlan networks of a zone. BridgeAllocator makes the bridges under them; the plan holds the addresses.

import type Docker from "dockerode";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { Segment } from "#spec/node.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { bridgeOf } from "./bridge-allocator.ts";

export interface NetworkRequest {
  docker: Docker;
  plan: ZonePlan;
  labels: Record<string, string>;
  segments: Segment[];
}

export function networkOf(plan: Pick<ZonePlan, "id" | "peer">, segment: Segment): string {
  return `triad-${segment === "peer" ? plan.peer!.pairId : plan.id}-${segment}`;
}

/** @throws HarnessError `engine/no-macvlan` */
export async function makeNetworks({ docker, plan, labels, segments }: NetworkRequest): Promise<void> {
  const bridges = bridgeOf(plan.index);
  const subnets = { zone: plan.zoneSubnet, control: plan.controlSubnet, peer: plan.peer?.subnet };
  const make = (segment: Segment) =>
    docker.createNetwork({
      Name: networkOf(plan, segment),
      Driver: "macvlan",
      Internal: true,
      Options: { parent: bridges[segment], macvlan_mode: "bridge" },
      IPAM: { Driver: "default", Config: [{ Subnet: subnets[segment]! }] },
      Labels: labels,
    });
  try {
    await Promise.all(segments.map(make));
  } catch (error) {
    throw new HarnessError(
      "engine/no-macvlan",
      `the daemon cannot make a macvlan network: ${messageOf(error).trim()}`,
      {
        cause: error,
      },
    );
  }
}
