// What each node is there for, looked at while all is well and through a failover.
// The scenarios are data in harness/spec/scenarios/steady.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("roles", {
  "ROLE-1": "Alpha holds the VIP, runs the controller behind it and votes",
  "ROLE-2": "Beta stands by, can be promoted and votes",
  "ROLE-3": "Gamma votes and runs neither controller nor keepalived",
});
