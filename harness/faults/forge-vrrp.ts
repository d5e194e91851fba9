// VRRP forged from the zone segment by the client host: to the group, to each node's address there, and to the
// control addresses, which a node's kernel takes on any leg. Proved by what
// the nodes' interfaces saw of it; whether anybody believed it is the checker's question.

import { nodeNames, serviceNodes } from "#spec/node.ts";
import { virtualRouterId } from "#topology/render-keepalived.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "./fault.ts";

const group = "224.0.0.18";
const proofMs = 5_000;

interface Tally {
  sent: number;
  arrived: Record<string, number>;
}

function wordsOf({ sent, arrived }: Tally): string {
  const seen = Object.entries(arrived).map(([node, count]) => `${count} on ${node}`);
  return `${sent} adverts sent; seen ${seen.join(", ") || "nowhere"}`;
}

export const forgeVrrp: Fault<"forge-vrrp"> = {
  does: "VRRP adverts of the highest priority from the client host, to the group and to every node on the zone segment.",
  inject: async (zone: StartedZone, spec) => {
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
  heal: async (zone) => `the senders have ended: ${wordsOf(await zone.actuator.ask({ do: "stop-forging" }))}`,
};
