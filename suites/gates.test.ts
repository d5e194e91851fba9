// The local gates and what starts or stops a controller: each gate missing at promotion and lost while active.
// The scenarios are data in harness/spec/scenarios/gates.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("gates", {
  "GATE-1": "a controller runs only while its node holds the VIP",
  "GATE-2": "a controller runs only while its local JetStream is reachable",
  "GATE-3": "a controller runs only while JetStream has a quorum",
  "GATE-4": "a controller runs only while artifact storage can be written",
  "GATE-5": "a bad certificate is denied or warned of as the policy says",
  "GATE-6": "when the bind to the VIP fails, the node says so and gives the VIP up",
  "GATE-7": "no boot starts a controller before its node holds the VIP",
  "DUAL-1": "BACKUP and FAULT stop the controller",
  "DUAL-2": "the controller listens on the VIP and on nothing else",
  "DUAL-3": "a controller started with a gate closed never listens",
  "DUAL-4": "a node without the VIP cannot bind the endpoint",
  "DUAL-5": "nothing but the promotion flow starts a controller",
  "DUAL-0": "two controllers are never active at the same instant",
  "DUR-6": "no acknowledged fact is lost by any of it",
});
