// The local gates and what starts or stops a controller: each gate closed at promotion, and closed while active.
// Scenarios: harness/spec/scenarios/gates.ts.

import { claims } from "../harness/index.ts";

claims("gates", [
  "GATE-1 gate-vip",
  "GATE-2 gate-jetstream",
  "GATE-3 gate-quorum",
  "GATE-4 gate-storage",
  "GATE-5 gate-certificate",
  "GATE-6 gate-bind",
  "GATE-7 no-start-at-boot",
  "DUAL-1 demotion-stops-controller",
  "DUAL-2 listens-on-vip-only",
  "DUAL-3 manual-start-gated",
  "DUAL-4 no-bind-without-vip",
  "DUAL-5 only-promotion-starts",
  "STO-1 artifact-stored-locally",
  "STO-2 artifacts-not-replicated",
  "DUAL-0 never-dual-active",
  "DUR-6 one-loss-keeps-facts",
]);
