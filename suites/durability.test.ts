// What acknowledged facts survive: each node lost in turn, in both tiers, on disks that lose what was not flushed.
// The scenarios are data in harness/spec/scenarios/durability.ts; the verdicts come from their saved histories.

import { claims } from "../harness/index.ts";

claims("durability", {
  "DUR-4": "the standard tier flushes at the server's default interval",
  "DUR-5": "the critical tier flushes before acknowledging",
  "DUR-6": "no acknowledged fact is lost when any single node is lost, in either tier",
  "DUR-7": "the critical tier loses no acknowledged fact when all three lose power at once",
  "DUR-8": "the standard tier then loses only what was acknowledged since the last flush",
  "DUR-9": "the price of the critical tier is measured, both tiers side by side",
  "DUAL-0": "two controllers are never active at the same instant",
});
