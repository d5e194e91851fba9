// MON-6: the local server of every node is healthy.

import { nodeNames } from "#spec/node.ts";
import { gone, green, type MonitorRule, red, worst } from "../rule.ts";
import { goneWhy } from "../zone-state.ts";

export const jetstreamHealthy: MonitorRule = {
  reads: "both",
  needsAgreement: true,
  judge: (zone) =>
    worst(
      nodeNames.map((name) => {
        const why = goneWhy(zone, name);
        if (why !== undefined) return gone(why);
        const server = zone.sample?.servers[name];
        if (!server) return gone(`no query to the server of ${name} yet`);
        if (server.error !== undefined) return red(`server of ${name}: ${server.error}`);
        return server.isHealthy
          ? green("healthy on all three")
          : red(`server of ${name}: ${server.why ?? "not healthy"}`);
      }),
    ),
};
