// Every monitor with its rule. A monitor of harness/spec/monitor.ts without a rule does not compile.

import type { MonitorName } from "#spec/monitor.ts";
import type { MonitorRule } from "./rule.ts";
import { activeStorageWritable } from "./rules/active-storage-writable.ts";
import { boundToVip } from "./rules/bound-to-vip.ts";
import { certificateExpiry } from "./rules/certificate-expiry.ts";
import { controllerHealthy } from "./rules/controller-healthy.ts";
import { jetstreamHealthy } from "./rules/jetstream-healthy.ts";
import { noStrayController } from "./rules/no-stray-controller.ts";
import { peerLag } from "./rules/peer-lag.ts";
import { quorumConfirmed } from "./rules/quorum-confirmed.ts";
import { roleChurn } from "./rules/role-churn.ts";
import { vipExpectedNode } from "./rules/vip-expected-node.ts";
import { votersVisible } from "./rules/voters-visible.ts";

export const monitorRules: { [Name in MonitorName]: MonitorRule } = {
  "MON-1": vipExpectedNode,
  "MON-2": roleChurn,
  "MON-3": controllerHealthy,
  "MON-4": boundToVip,
  "MON-5": noStrayController,
  "MON-6": jetstreamHealthy,
  "MON-7": votersVisible,
  "MON-8": quorumConfirmed,
  "MON-9": activeStorageWritable,
  "MON-10": certificateExpiry,
  "MON-11": peerLag,
};
