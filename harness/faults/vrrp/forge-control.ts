// A host on the control segment forges VRRP: in frames with a MAC of no node, from an address of no node or in the name
// of the other node. Captures on the receivers' interfaces prove that the adverts arrived.

import { HarnessError } from "#base/errors.ts";
import type { ForgedTally } from "#protocol/commands/network.ts";
import type { SpecOf } from "#spec/faults.ts";
import { isServiceNode, otherServiceNode, type ServiceNode, serviceNodes } from "#spec/node.ts";
import { macOf } from "#topology/plan-zone.ts";
import { virtualRouterId } from "#topology/render-keepalived.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

/** Host number of the foreign host on the segment. No node has it. */
const foreignHost = 99;
const proofMs = 5_000;

export const forgeControl: Fault<"forge-control"> = {
  inject: async (zone, spec) => {
    const { node } = spec;
    if (!isServiceNode(node)) throw new HarnessError("usage/unknown-node", `${node} runs no keepalived`);
    const foreign = zone.plan.nodes[node].controlAddress!.replace(/\d+$/, String(foreignHost));
    const receivers = spec.as === "peer" ? [node] : serviceNodes;
    const tally = await zone.actuator.ask({
      do: "forge-frames",
      sourceMac: macOf(foreign),
      streams: receivers.map((name) => streamTo(zone, name, { spec, foreign })),
      routerId: virtualRouterId,
      priority: spec.priority,
      addresses: [zone.plan.vip],
      advertS: zone.plan.spec.vrrp.advertS,
      proofMs,
    });
    return effectNow(wordsOf(tally));
  },
  heal: async (zone) => `the senders ended: ${wordsOf(await zone.actuator.ask({ do: "stop-frames" }))}`,
};

/** The frames leave from the other node's port. */
function streamTo(zone: StartedZone, node: ServiceNode, by: { spec: SpecOf<"forge-control">; foreign: string }) {
  const own = zone.plan.nodes[node];
  const other = otherServiceNode(node);
  const otherAddress = zone.plan.nodes[other].controlAddress!;
  return {
    node,
    pid: zone.node(node).pid,
    address: own.controlAddress!,
    mac: own.controlMac!,
    source: by.spec.as === "peer" ? otherAddress : by.foreign,
    fromPid: zone.node(other).pid,
    fromAddress: otherAddress,
  };
}

function wordsOf({ sent, arrived }: ForgedTally): string {
  const seen = Object.entries(arrived).map(([node, count]) => `${count} on ${node}`);
  return `${sent} adverts sent, ${seen.join(", ") || "none"} received`;
}
