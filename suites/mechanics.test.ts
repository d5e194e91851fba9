// What moves the VIP, and what the VIP moves. Scenarios: harness/spec/scenarios/mechanics.ts.

import { claims } from "../harness/index.ts";

claims("mechanics", [
  "MECH-1 keepalived-owns-vip",
  "MECH-2 transitions-drive-roles",
  "MECH-3 no-jetstream-no-vip",
  "MECH-4 no-preemption",
  "DUAL-0 never-dual-active",
  "DUR-6 one-loss-keeps-facts",
]);
