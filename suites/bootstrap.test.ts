// How a zone comes up: cold starts in every order, a fourth server at the door, keepalived off.
// The scenarios are data in harness/spec/scenarios/bootstrap.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("bootstrap", {
  "BOOT-1": "each server is told the other two, and a fourth one that knocks does not become a voter",
  "BOOT-2": "in each of the six orders, and at once, the start ends in the same steady state",
  "BOOT-3": "with Gamma last the start ends in that state too",
  "BOOT-4": "nothing listens before the VIP has come, nor at all while keepalived is off",
  "BOOT-5": "Alpha is the first owner of the VIP",
  "BOOT-6": "Beta never listens in a cold start",
  "MECH-1": "the VIP comes and goes with keepalived's own state",
  "MECH-2": "a promotion begins with keepalived's transition and ends with an answer",
  "DUAL-0": "two controllers are never active at the same instant",
  "DUR-6": "no acknowledged fact is lost",
});
