// A server that nobody configured knocks at the routes of all three: same cluster name, JetStream, a name of its own, and
// nothing that a node keeps secret. It runs on the client host. Proved by the connections that it had with each of them.

import { pollUntil } from "#base/poll.ts";
import { nodeNames, ports } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "./fault.ts";

const knockDeadlineMs = 10_000;

interface Welcome {
  met: string[];
  refused: Record<string, string>;
  end: string | null;
}

/** nats.conf of the stranger. Its client and monitoring ports lie on the client host's loopback. */
function configOf(zone: StartedZone): string {
  const { agent, nodes, spec } = zone.plan;
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

async function untilKnocked(zone: StartedZone): Promise<Welcome> {
  return pollUntil(
    async () => {
      const welcome = await zone.actuator.ask({ do: "look-at-rogue-server" });
      const isThrough = nodeNames.every((name) => welcome.met.includes(zone.plan.nodes[name].zoneAddress));
      if (isThrough) return { done: welcome };
      return { saw: `it met ${welcome.met.join(", ") || "nobody"}${welcome.end ? `; ${welcome.end}` : ""}` };
    },
    { what: "the fourth server to reach all three", deadlineMs: knockDeadlineMs, code: "fault/no-effect" },
  );
}

export const fourthServer: Fault<"fourth-server"> = {
  does: "Starts a fourth nats-server with JetStream on the client host, with routes to all three and none of their secrets; the binary is a copy of the node's.",
  inject: async (zone, spec) => {
    await zone.askNode(spec.node, { do: "start-rogue-server", config: configOf(zone) });
    const { met, refused } = await untilKnocked(zone);
    const words = [...new Set(Object.values(refused))].join(", ");
    return effectNow(
      `it had a route connection with ${met.join(", ")}; refused so far by ${
        Object.keys(refused).length
      }${words ? ` (${words})` : ""}`,
    );
  },
  heal: async (zone) => {
    const { end } = await zone.actuator.ask({ do: "stop-rogue-server" });
    return `the fourth server is gone: ${end}`;
  },
};
