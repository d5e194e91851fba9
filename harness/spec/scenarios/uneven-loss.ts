// The scenario of suite "uneven-loss", beyond the pattern: all three nodes lose power at once, and what each had
// flushed by then ends at another fact. Servers flush by timers of their own, two minutes apart, so that this is how it
// is outside of a test. Run by name only; what it finds counts for no exit code
// (docs/decisions/0016-joint-power-loss.md). Data only.

import { nodeNames } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { allDarkAndBack, atFullLoad, lossPerS } from "./durability.ts";
import { hold, inspection } from "./parts.ts";

/** From one node's flush to the next: some hundred facts at full load. */
const apartMs = 200;
/** With the flushes less than the kernel's own write-back, about 30 s, so that nothing else reaches a disk. */
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
      // Enough for a snapshot of each server's group on a quick machine: see durability.ts.
      ...atFullLoad,
      ...nodeNames.flatMap((node): Step[] => [{ step: "flush", nodes: [node] }, hold(apartMs)]),
      { step: "pace", appendPerS: lossPerS },
      hold(lossMs),
      ...allDarkAndBack,
    ],
  },
];
