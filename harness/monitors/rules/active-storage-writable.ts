// MON-9: artifact storage takes a write on the expected node. Not on the node with the VIP: a node that lost the VIP
// for its storage would then look fine.

import { gone, green, type MonitorRule, red } from "../rule.ts";
import { goneWhy } from "../zone-state.ts";

export const activeStorageWritable: MonitorRule = {
  reads: "both",
  needsAgreement: true,
  judge: (zone) => {
    const { expected, sample } = zone;
    if (expected === undefined) return gone("no node is expected to be active yet");
    const why = goneWhy(zone, expected);
    if (why !== undefined) return gone(why);
    const write = sample?.storage[expected];
    if (write === undefined) return gone(`no write on ${expected} yet`);
    return write === "written" ? green(`${expected} takes a write`) : red(`a write on ${expected} gives ${write}`);
  },
};
