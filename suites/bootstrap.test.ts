// How a zone comes up: cold starts in every order, a fourth server that tries to join, keepalived off.
// Scenarios: harness/spec/scenarios/bootstrap.ts.

import { claims } from "../harness/index.ts";

claims("bootstrap", [
  "BOOT-1 static-membership",
  "BOOT-2 any-start-order",
  "BOOT-3 gamma-last",
  "BOOT-4 started-by-keepalived",
  "BOOT-5 alpha-first-owner",
  "BOOT-6 beta-waits",
  "MECH-1 keepalived-owns-vip",
  "MECH-2 transitions-drive-roles",
  "DUAL-0 never-dual-active",
  "DUR-6 one-loss-keeps-facts",
]);
