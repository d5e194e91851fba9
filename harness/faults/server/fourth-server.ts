// A rogue nats-server on the client host opens routes to all three nodes. It has the cluster's name, JetStream and a
// server name of its own, but none of the nodes' secrets. Its connections to each node prove that it tried.

import { pollUntil } from "#base/poll.ts";
import type { ReplyOf } from "#protocol/commands.ts";
import { nodeNames } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

const connectDeadlineMs = 10_000;

/** nats.conf of the rogue server. Its client and monitoring ports are on the client host's loopback. */
function configOf(zone: StartedZone): string {
  const { agent, nodes, spec, contract } = zone.plan;
  const { ports } = contract;
  const routes = nodeNames.map((name) => `"nats-route://${nodes[name].zoneAddress}:${ports.natsCluster}"`);
  return [
    'server_name: "delta"',
    `listen: "127.0.0.1:${ports.natsClient}"`,
    'jetstream { store_dir: "__STORE__", max_memory_store: 16MB, max_file_store: 64MB }',
    "cluster {",
    `  name: "${spec.zoneId}"`,
    `  listen: "${agent.address}:${ports.natsCluster}"`,
    `  routes: [${routes.join(", ")}]`,
    "}",
    "",
  ].join("\n");
}

async function untilConnected(zone: StartedZone): Promise<ReplyOf<"read-rogue-server">> {
  return pollUntil(
    async () => {
      const state = await zone.actuator.ask({ do: "read-rogue-server" });
      const hasMetAll = nodeNames.every((name) => state.met.includes(zone.plan.nodes[name].zoneAddress));
      if (hasMetAll) return { done: state };
      return { saw: `connections with ${state.met.join(", ") || "none"}${state.end ? `; ${state.end}` : ""}` };
    },
    { what: "the fourth server to reach all three nodes", deadlineMs: connectDeadlineMs, code: "fault/no-effect" },
  );
}

export const fourthServer: Fault<"fourth-server"> = {
  inject: async (zone, spec) => {
    await zone.askNode(spec.node, { do: "start-rogue-server", config: configOf(zone) });
    const { met, refused } = await untilConnected(zone);
    const reasons = [...new Set(Object.values(refused))].join(", ");
    const refusals = `${Object.keys(refused).length} nodes refused it${reasons ? ` (${reasons})` : ""}`;
    return effectNow(`it connected to the routes of ${met.join(", ")}; so far ${refusals}`);
  },
  heal: async (zone) => {
    const { end } = await zone.actuator.ask({ do: "stop-rogue-server" });
    return `the fourth server ended: ${end}`;
  },
};
