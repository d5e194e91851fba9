// The role of each node, in a steady zone and through a failover. Scenarios: harness/spec/scenarios/steady.ts.

import { claims } from "../harness/index.ts";

claims("roles", [
  "ROLE-1 alpha-serves-and-votes",
  "ROLE-2 beta-stands-by",
  "ROLE-3 gamma-only-votes",
  "ROLE-4 gamma-carries-less",
]);
