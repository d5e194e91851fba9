// The network of a zone, looked at while all is well: who listens where, who is connected to whom, where VRRP runs.
// The scenarios are data in harness/spec/scenarios/steady.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("network", {
  "DUAL-0": "two controllers are never active at the same instant",
});
