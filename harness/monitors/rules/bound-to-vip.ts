// MON-4: listeners on the RPC port are bound to the VIP only.

import { nodeNames } from "#spec/node.ts";
import { gone, green, type MonitorRule, red } from "../rule.ts";

export const boundToVip: MonitorRule = {
  reads: "observer",
  judge: (zone) => {
    const wanted = `${zone.vip}:${zone.rpcPort}`;
    const all = nodeNames.flatMap((name) => (zone.nodes[name]?.listens ?? []).map((at) => ({ name, at })));
    const others = all.filter(({ at }) => at !== wanted);
    if (others.length > 0) return red(others.map(({ name, at }) => `${name} listens on ${at}`).join("; "));
    return all.length > 0 ? green(`bound to ${wanted}`) : gone("no node listens on the RPC port");
  },
};
