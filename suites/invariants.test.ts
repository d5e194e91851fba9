// The invariants of the pattern and what they depend on, in a steady zone and through a failover.
// Scenarios: harness/spec/scenarios/steady.ts.

import { claims } from "../harness/index.ts";

claims("invariants", [
  "DUR-1 streams-three-replicas",
  "DUR-2 consumers-three-replicas",
  "DUR-3 exactly-three-voters",
  "INV-1 storage-never-shared",
  "INV-2 no-scheduler",
  "INV-3 one-failure-unattended",
  "INV-4 leadership-follows-vip",
  "INV-5 state-quorum-backed",
  "INV-6 artifacts-outside-streams",
]);
