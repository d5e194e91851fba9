// The scenarios of suite "disk-rot", beyond the pattern: what becomes of acknowledged facts when one node's disk lies.
// Run by name only; its observations stand apart and count for no exit code (docs/decisions/0021-disk-rot.md). Data
// only.

import type { RotWay } from "../faults.ts";
import type { ScenarioSpec } from "../scenario.ts";
import { awaitRejoin, hold, repair } from "./parts.ts";

/** Some hundred facts, so that the rot lies among them. */
const writeMs = 15_000;
const settleMs = 2_000;

/** Gamma: no role depends on it, so that whatever is lost is lost by the store. */
function rotOfGamma(name: string, entry: string, way: RotWay): ScenarioSpec {
  return {
    name,
    suite: "disk-rot",
    entries: [entry, "DUAL-0"],
    provokes: [entry],
    steps: [
      hold(writeMs),
      { step: "provoke", faults: [{ fault: "rot", node: "gamma", way }] },
      hold(settleMs),
      repair("gamma"),
      awaitRejoin("gamma"),
      hold(settleMs),
      { step: "read-each-replica" },
    ],
  };
}

export const diskRotScenarios: readonly ScenarioSpec[] = [
  rotOfGamma("rot-flip", "ROT-1", "flip"),
  rotOfGamma("rot-cut", "ROT-2", "cut"),
];
