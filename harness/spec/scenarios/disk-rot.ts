// Suite "disk-rot", beyond the pattern: what happens to acknowledged facts when one node's disk returns wrong data. It
// runs by name only, and its observations do not change the exit code (docs/decisions/0021-disk-rot.md). Data only.

import type { RotWay } from "../faults.ts";
import type { ScenarioSpec } from "../scenario.ts";
import { awaitRejoin, hold, repair } from "./parts.ts";

/** Time for several hundred facts, so that the damage hits some of them. */
const writeMs = 15_000;
const settleMs = 2_000;

/** On Gamma, because no role depends on it: every loss comes from the store. */
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
