// The invariants of the pattern, looked at while all is well and through a failover.
// The scenarios are data in harness/spec/scenarios/steady.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("invariants", {
  "DUAL-0": "two controllers are never active at the same instant",
});
