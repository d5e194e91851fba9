// Renders nats.conf of one node. Pure. Members are fixed by three static routes and the zone's secret: no gossip, no
// seed server, and no route without the secret. Not a general writer of that format.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { ZonePlan } from "./plan.ts";

/** The user as which one server logs in at another. */
const routeUser = "zone";
/** The user of the system account in a zone with an operator. Its password is the zone's secret. */
export const operatorUser = "operator";

/** The complete nats.conf of `name`. */
export function renderNats(plan: ZonePlan, name: NodeName): string {
  const own = plan.nodes[name];
  const login = `${routeUser}:${plan.routeSecret}`;
  const peers = nodeNames.filter((other) => other !== name);
  const routes = peers.map(
    (other) => `    "nats-route://${login}@${plan.nodes[other].zoneAddress}:${plan.contract.ports.natsCluster}"`,
  );
  return [
    `server_name: "${name}"`,
    // Lets a stream be placed on one node. The reference zone does not do so; a mutant does.
    `server_tags: ["${name}"]`,
    `listen: "127.0.0.1:${plan.contract.ports.natsClient}"`,
    `http: "127.0.0.1:${plan.contract.ports.natsMonitor}"`,
    // The ping interval applies to routes too. A server that is cut off is noticed in about 6 s, and its route is back
    // 2 s after the healing. With the default of 30 s, TCP's back-off kept a healed node out for another 16 s.
    'ping_interval: "2s"',
    "ping_max: 2",
    "jetstream {",
    '  store_dir: "/data/jetstream"',
    "  max_memory_store: 64MB",
    "  max_file_store: 1GB",
    // The critical tier flushes before it acknowledges. The standard tier keeps the server's default of 2 minutes.
    ...(plan.spec.tier === "critical" ? ["  sync_interval: always"] : []),
    "}",
    // The only user. All other clients belong to the global account and need no login.
    ...(plan.spec.hasOperator
      ? [`accounts { $SYS { users: [ { user: "${operatorUser}", password: "${plan.routeSecret}" } ] } }`]
      : []),
    "cluster {",
    `  name: "${plan.spec.zoneId}"`,
    `  listen: "${own.zoneAddress}:${plan.contract.ports.natsCluster}"`,
    // One route between two servers instead of a pool. Two servers that dial at the same time drop each other's
    // connections as duplicates. With a pool, some routes never came back (docs/decisions/0003-first-start.md).
    "  pool_size: -1",
    "  no_advertise: true",
    // Every server with JetStream and a route becomes a voter of the meta group (docs/decisions/0010-membership.md).
    `  authorization { user: "${routeUser}", password: "${plan.routeSecret}" }`,
    "  routes: [",
    ...routes,
    "  ]",
    "}",
    "",
  ].join("\n");
}
