// nats.conf of one node, as text. Pure. Membership is the three static routes and nothing else: no gossip is
// advertised and no seed is asked. Not a general writer of that format.

import { type NodeName, nodeNames, ports } from "#spec/node.ts";
import type { ZonePlan } from "./plan.ts";

/** The complete nats.conf of `name`. */
export function renderNats(plan: ZonePlan, name: NodeName): string {
  const own = plan.nodes[name];
  // All three, the node itself included: nats-server takes the number of routes as the size of a new cluster. With
  // the two peers only, two servers sometimes made a meta group of two and the third was never let in (2.10.27).
  const routes = nodeNames.map((other) => `    "nats-route://${plan.nodes[other].zoneAddress}:${ports.natsCluster}"`);
  return [
    `server_name: "${name}"`,
    // For placement by node; the reference zone places nothing.
    `server_tags: ["${name}"]`,
    `listen: "127.0.0.1:${ports.natsClient}"`,
    `http: "127.0.0.1:${ports.natsMonitor}"`,
    "jetstream {",
    '  store_dir: "/data/jetstream"',
    "  max_memory_store: 64MB",
    "  max_file_store: 1GB",
    // The critical tier flushes before it acknowledges; the standard tier keeps the server's default (2 minutes).
    ...(plan.spec.tier === "critical" ? ["  sync_interval: always"] : []),
    "}",
    "cluster {",
    `  name: "${plan.spec.zoneId}"`,
    `  listen: "${own.zoneAddress}:${ports.natsCluster}"`,
    "  no_advertise: true",
    // One route a peer. With the pool that is the default, servers that start in the same instant sometimes close the
    // system account's route as a duplicate, and no stream finds peers for a minute: docs/decisions/0003-routes.md.
    "  pool_size: -1",
    "  routes: [",
    ...routes,
    "  ]",
    "}",
    "",
  ].join("\n");
}
