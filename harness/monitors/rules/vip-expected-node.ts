// MON-1: exactly one node holds the VIP, and it is the expected one.

import { gone, green, type MonitorRule, red } from "../rule.ts";
import { holders } from "../zone-state.ts";

export const vipExpectedNode: MonitorRule = {
  reads: "observer",
  judge: (zone) => {
    const [holder, ...others] = holders(zone);
    const { expected } = zone;
    if (holder === undefined) return red("no node holds the VIP");
    if (others.length > 0) return red(`${[holder, ...others].join(" and ")} hold the VIP`);
    if (zone.nodes[holder]!.isFrozen) return red(`${holder} holds the VIP and is frozen`);
    if (expected === undefined) return gone("no node is expected yet");
    return holder === expected ? green(`${holder} holds it`) : red(`${holder} holds the VIP, ${expected} is expected`);
  },
};
