// What acknowledged facts survive: each node lost in turn, in both tiers, on disks that lose what was not flushed.
// The scenarios are data in harness/spec/scenarios/durability.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("durability", {
  "DUR-6": "no acknowledged fact is lost when any single node is lost, in either tier",
  "DUAL-0": "two controllers are never active at the same instant",
});
