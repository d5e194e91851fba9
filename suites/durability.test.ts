// What acknowledged facts survive: each node lost in turn, in both tiers, on disks that lose unflushed data.
// Scenarios: harness/spec/scenarios/durability.ts.

import { claims } from "../harness/index.ts";

claims("durability", [
  "DUR-4 standard-flush-interval",
  "DUR-5 critical-flushes-first",
  "DUR-6 one-loss-keeps-facts",
  "DUR-7 power-loss-critical",
  "DUR-8 power-loss-standard",
  "DUR-9 critical-tier-cost",
  "DUR-10 quorum-before-answer",
  "RPC-1 facts-served-once",
  "RPC-2 cursor-as-confirmed",
  "RPC-3 other-payload-refused",
  "DUAL-0 never-dual-active",
]);
