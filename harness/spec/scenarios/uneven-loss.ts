// The scenario of suite "uneven-loss", beyond the pattern: all three nodes lose power at once, and what each had flushed by
// then ends at another fact. Servers flush by timers of their own, two minutes apart, so that this is how it is outside of a
// test. Run by name only; what it finds counts for no exit code (docs/decisions/0016-what-was-lost.md). Data only.

import { nodeNames } from "#spec/node.ts";
import type { ScenarioSpec, Step } from "#spec/scenario.ts";
import { allDarkAndBack, lossPerS } from "./durability.ts";
import { hold, survey } from "./parts.ts";

/** Some thousand facts, so that the three have something in common. */
const writeMs = 5_000;
/** From one node's flush to the next: hundreds of facts. */
const apartMs = 1_000;
/**
 * With the flushes less than the kernel's own write-back, about 30 s, so that nothing else reaches a disk; and 13,000 facts, so that each server's
 * group has taken a snapshot since, which is on its disk while the facts that it stands for are not. With 4,800 three of three were kept.
 */
const lossMs = 22_000;

export const unevenLossScenarios: readonly ScenarioSpec[] = [
  {
    name: "uneven-loss",
    suite: "uneven-loss",
    entries: ["LOSS-1", "DUAL-0"],
    provokes: ["LOSS-1"],
    isAlone: true,
    zone: { tier: "standard", stores: "ext4" },
    steps: [
      survey,
      { step: "pace", appendPerS: lossPerS },
      hold(writeMs),
      ...nodeNames.flatMap((node): Step[] => [{ step: "flush", nodes: [node] }, hold(apartMs)]),
      hold(lossMs),
      ...allDarkAndBack,
    ],
  },
];
