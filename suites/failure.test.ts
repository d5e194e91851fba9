// The failure table: each row provoked on a real zone under load, in every way of failing that the pattern names.
// Scenarios: harness/spec/scenarios/failure.ts.

import { claims } from "../harness/index.ts";

claims("failure", [
  "FAIL-1 alpha-fails",
  "FAIL-2 beta-fails",
  "FAIL-3 gamma-fails",
  "FAIL-4 alpha-and-beta-fail",
  "FAIL-5 alpha-isolated",
  "FAIL-6 gamma-isolated",
  "FAIL-7 storage-unavailable",
  "FAIL-8 short-certificate",
  "FAIL-9 alpha-and-gamma-fail",
  "FAIL-10 beta-and-gamma-fail",
  "TIME-1 failover-time",
  "MECH-1 keepalived-owns-vip",
  "MECH-2 transitions-drive-roles",
  "DUAL-0 never-dual-active",
  "DUR-6 one-loss-keeps-facts",
]);
