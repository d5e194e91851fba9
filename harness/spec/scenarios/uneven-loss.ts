// Suite "uneven-loss", beyond the pattern: all three nodes lose power at once, and each had flushed up to a different
// fact. Real servers flush by their own timers, every two minutes, so this is the usual case outside a test. It runs by
// name only, and its findings do not change the exit code (docs/decisions/0016-joint-power-loss.md). Data only.

import { nodeNames } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { allDarkAndBack, atFullLoad, lossPerS } from "./durability.ts";
import { hold, inspection } from "./parts.ts";

/** Between two nodes' flushes: about a hundred facts at full load. */
const apartMs = 200;
/** Together with the flushes shorter than the kernel's write-back interval, about 30 s: nothing else reaches a disk. */
const lossMs = 24_000;

export const unevenLossScenarios: readonly ScenarioSpec[] = [
  {
    name: "uneven-loss",
    suite: "uneven-loss",
    entries: ["LOSS-1", "DUAL-0"],
    provokes: ["LOSS-1"],
    isAlone: true,
    zone: { tier: "standard", stores: "ext4" },
    steps: [
      inspection,
      // Enough load for a snapshot of each server's group on a fast machine: see durability.ts.
      ...atFullLoad,
      ...nodeNames.flatMap((node): Step[] => [{ step: "flush", nodes: [node] }, hold(apartMs)]),
      { step: "pace", appendPerS: lossPerS },
      hold(lossMs),
      ...allDarkAndBack,
    ],
  },
];
