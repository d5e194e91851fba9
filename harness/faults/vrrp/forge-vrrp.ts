// The client host forges VRRP on the zone segment: to the group, to each node's address there, and to the control
// addresses, which a node's kernel accepts on any interface. Captures on the nodes' interfaces prove that the adverts
// arrived. Whether a node believed them is for a checker to say.

import type { ForgedTally } from "#protocol/commands/network.ts";
import { nodeNames, serviceNodes } from "#spec/node.ts";
import { virtualRouterId } from "#topology/render-keepalived.ts";
import { effectNow, type Fault } from "../fault.ts";

const group = "224.0.0.18";
const proofMs = 5_000;

function wordsOf({ sent, arrived }: ForgedTally): string {
  const seen = Object.entries(arrived).map(([node, count]) => `${count} on ${node}`);
  return `${sent} adverts sent, ${seen.join(", ") || "none"} received`;
}

export const forgeVrrp: Fault<"forge-vrrp"> = {
  inject: async (zone, spec) => {
    const { plan } = zone;
    const up = nodeNames.filter((name) => zone.node(name).isUp);
    const tally = await zone.actuator.ask({
      do: "forge-vrrp",
      source: plan.agent.address,
      destinations: [group, ...nodeNames.map((name) => plan.nodes[name].zoneAddress)],
      routed: serviceNodes.map((name) => plan.nodes[name].controlAddress).filter((one) => one !== undefined),
      routerId: virtualRouterId,
      priority: spec.priority,
      addresses: [plan.vip],
      advertS: plan.spec.vrrp.advertS,
      witnesses: up.map((node) => ({ node, pid: zone.node(node).pid, address: plan.nodes[node].zoneAddress })),
      proofMs,
    });
    return effectNow(wordsOf(tally));
  },
  heal: async (zone) => `the senders ended: ${wordsOf(await zone.actuator.ask({ do: "stop-forging" }))}`,
};
