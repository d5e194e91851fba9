// The failure table: each row provoked on a real zone under load, in every way of failing that the pattern names.
// The scenarios are data in harness/spec/scenarios/failure.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("failure", {
  "FAIL-1": "when Alpha fails, the VIP moves to Beta, Beta serves, and a repaired Alpha rejoins as standby",
  "FAIL-2": "when Beta fails, no role changes, and Beta rejoins as standby",
  "FAIL-3": "when Gamma fails, JetStream keeps a quorum of two and facts keep being acknowledged",
  "FAIL-4": "when Alpha and Beta fail, nothing is served, and one of them restores the zone alone",
  "FAIL-5": "when Alpha is isolated it stops, Beta takes over, and Alpha rejoins as standby",
  "FAIL-6": "when Gamma is isolated, no role changes and two nodes keep the quorum",
  "FAIL-7": "a node without artifact storage is not promoted until the storage is back",
  "FAIL-8": "a node with a short certificate is denied or warned as the policy says",
  "TIME-1": "every failover takes 5 to 30 s, from the fault to the first answer of the new active node",
  "MECH-1": "the VIP comes and goes with keepalived's own state",
  "MECH-2": "each promotion begins with keepalived's transition and ends with an answer",
  "DUAL-0": "two controllers are never active at the same instant",
  "DUR-6": "no acknowledged fact is lost when any single node is lost",
});
