// Drops the packets of one IP protocol, or of one port, and nothing else: a firewall rule gone wrong.

import { nowNs } from "#base/clock.ts";
import type { SpecOf } from "#spec/faults.ts";
import { addressOn } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Fault } from "../fault.ts";
import { deviceWith } from "../run-in-net.ts";
import { type Chain, NftTable } from "./nft-table.ts";

type FilterSpec = SpecOf<"packet-filter">;

function tableOf(zone: StartedZone, { node, protocol, port, segments, direction }: FilterSpec): NftTable {
  return new NftTable(zone, node, `filter_${segments.join("_")}_${protocol}_${port ?? "all"}_${direction}`);
}

/** Names for which the port lies where nft's `th` looks for it. */
function matchOf({ protocol, port }: FilterSpec): string[] {
  const match = `ip protocol ${protocol}`;
  return port === undefined ? [match] : [`${match} th sport ${port}`, `${match} th dport ${port}`];
}

async function chainsOf(zone: StartedZone, spec: FilterSpec): Promise<Chain[]> {
  const rules = matchOf(spec).map((match) => `${match} counter drop`);
  const chains: Chain[] = [];
  for (const segment of spec.segments) {
    const address = addressOn(zone.plan.nodes[spec.node], segment);
    if (!address) continue;
    const { device } = await deviceWith(zone, spec.node, address);
    if (spec.direction !== "out") chains.push({ hook: "ingress", device, rules });
    if (spec.direction !== "in") chains.push({ hook: "egress", device, rules });
  }
  return chains;
}

export const packetFilter: Fault<"packet-filter"> = {
  isImpossible: async (zone, { node, segments }) =>
    segments.some((segment) => addressOn(zone.plan.nodes[node], segment))
      ? null
      : `${node} has no interface on ${segments.join(", ")}`,
  inject: async (zone, spec) => {
    const table = tableOf(zone, spec);
    await table.install(await chainsOf(zone, spec));
    const atNs = nowNs();
    const packets = await table.untilCounted(`the filter of ${spec.node} to drop a packet`);
    return { proof: `nft dropped ${packets} packets of protocol ${spec.protocol}`, atNs };
  },
  heal: async (zone, spec) => {
    if (!zone.node(spec.node).isUp) return "the node is down, and its rules ended with it";
    await tableOf(zone, spec).remove();
    return "the rules are gone";
  },
};
