// The monitors: green on a healthy zone, red in time under their condition, green again in time after it.
// Scenarios: harness/spec/scenarios/monitoring.ts and pairs.ts.

import { claims } from "../harness/index.ts";

claims("monitoring", [
  "MON-1 vip-expected-node",
  "MON-2 role-churn",
  "MON-3 controller-healthy",
  "MON-4 bound-to-vip",
  "MON-5 no-stray-controller",
  "MON-6 jetstream-healthy",
  "MON-7 voters-visible",
  "MON-8 quorum-confirmed",
  "MON-9 active-storage-writable",
  "MON-10 certificate-expiry",
  "MON-11 peer-lag",
  "DUAL-0 never-dual-active",
  "DUR-6 one-loss-keeps-facts",
]);
