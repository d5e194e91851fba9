// nats.conf of one node, as text. Pure. Membership is the three static routes and the zone's secret: no gossip is
// advertised, no seed is asked, and whoever lacks the secret gets no route. Not a general writer of that format.

import { type NodeName, nodeNames, ports } from "#spec/node.ts";
import type { ZonePlan } from "./plan.ts";

/** The user that servers are to each other. */
const routeUser = "zone";
/** The user of the system account, in a zone that has an operator. Its password is the zone's secret. */
export const operatorUser = "operator";

/** The complete nats.conf of `name`. */
export function renderNats(plan: ZonePlan, name: NodeName): string {
  const own = plan.nodes[name];
  const login = `${routeUser}:${plan.routeSecret}`;
  const peers = nodeNames.filter((other) => other !== name);
  const routes = peers.map(
    (other) => `    "nats-route://${login}@${plan.nodes[other].zoneAddress}:${ports.natsCluster}"`,
  );
  return [
    `server_name: "${name}"`,
    // For placement by node; the reference zone places nothing.
    `server_tags: ["${name}"]`,
    `listen: "127.0.0.1:${ports.natsClient}"`,
    `http: "127.0.0.1:${ports.natsMonitor}"`,
    // Routes too: a peer that was cut off is noticed in about 6 s, and its route is new within 2 s of the healing.
    // With the defaults (30 s on routes) TCP's own back-off kept a healed node out for another 16 s.
    'ping_interval: "2s"',
    "ping_max: 2",
    "jetstream {",
    '  store_dir: "/data/jetstream"',
    "  max_memory_store: 64MB",
    "  max_file_store: 1GB",
    // The critical tier flushes before it acknowledges; the standard tier keeps the server's default (2 minutes).
    ...(plan.spec.tier === "critical" ? ["  sync_interval: always"] : []),
    "}",
    // The only user there is: everybody else is a client of the global account, without a login as before.
    ...(plan.spec.hasOperator
      ? [`accounts { $SYS { users: [ { user: "${operatorUser}", password: "${plan.routeSecret}" } ] } }`]
      : []),
    "cluster {",
    `  name: "${plan.spec.zoneId}"`,
    `  listen: "${own.zoneAddress}:${ports.natsCluster}"`,
    // One route a pair, without a pool: two servers that dial each other at once drop each other's connections as duplicates,
    // and of a pool some were seen to be gone for good (docs/decisions/0003-first-start.md).
    "  pool_size: -1",
    "  no_advertise: true",
    // The meta group takes every server with JetStream that has a route for a voter (docs/decisions/0010-membership.md).
    `  authorization { user: "${routeUser}", password: "${plan.routeSecret}" }`,
    "  routes: [",
    ...routes,
    "  ]",
    "}",
    "",
  ].join("\n");
}
