// What moves the VIP and what the VIP moves. The scenarios are data in harness/spec/scenarios/mechanics.ts; the verdicts come from
// their saved histories.

import { claims } from "../harness/index.ts";

claims("mechanics", {
  "MECH-1": "the VIP comes and goes with keepalived's own state",
  "MECH-2": "a promotion begins with keepalived's transition and ends with an answer",
  "MECH-3": "a node whose JetStream is down does not get the VIP",
  "DUAL-0": "two controllers are never active at the same instant",
  "DUR-6": "no acknowledged fact is lost while a server is down and a node is lost",
});
