// Shrinking on a simulated zone that breaks by chance: the planted cause must be left, and little else.

import { describe, expect, it } from "@jest/globals";
import { seeded } from "#base/random.ts";
import type { FaultSpec } from "#spec/faults.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { Step } from "#spec/steps.ts";
import { SequentialTest, shareInterval } from "./sequential-test.ts";
import { type Outcome, shrink } from "./shrink.ts";
import { faultsOf, holdMsOf, sizeOf } from "./smaller.ts";

const kill = (node: NodeName): FaultSpec => ({ fault: "kill", node });
const pause = (node: NodeName): FaultSpec => ({ fault: "pause", node });
const provoke = (...faults: FaultSpec[]): Step => ({ step: "provoke", faults });
const hold = (ms: number): Step => ({ step: "hold", ms });
const repair = (node: NodeName): Step => ({ step: "repair", nodes: [node] });

const options = { redAtLeast: 0.5, confidence: 0.95, replaysMax: 5_000, seed: 7 };

/** Red with this chance when the planted cause is there; now and then without it. */
function flakyZone(isCause: (steps: readonly Step[]) => boolean, { red = 0.8, noise = 0.01, unknown = 0.05 } = {}) {
  const chance = seeded(11);
  let replays = 0;
  const replay = (steps: readonly Step[]): Promise<Outcome> => {
    replays += 1;
    if (chance.next() < unknown) return Promise.resolve("unknown");
    return Promise.resolve(chance.next() < (isCause(steps) ? red : noise) ? "red" : "not-red");
  };
  return { replay, isValid: () => true, say: () => {}, count: () => replays };
}

/** Twenty-four steps of faults that do nothing, with the cause among them. */
function hidden(cause: Step[], places: number[]): Step[] {
  const chance = seeded(3);
  const noise = Array.from({ length: 24 - cause.length }, (_, index) => {
    const node = nodeNames[chance.below(3)]!;
    if (index % 3 === 0) return provoke(pause(node));
    return index % 3 === 1 ? hold(4_000) : repair(node);
  });
  const steps = [...noise];
  for (const [index, place] of places.entries()) steps.splice(place, 0, cause[index]!);
  return steps;
}

const hasInOrder = (steps: readonly Step[], ...wanted: ((step: Step) => boolean)[]): boolean => {
  let at = 0;
  for (const step of steps) if (wanted[at]?.(step)) at += 1;
  return at === wanted.length;
};
const doesFault = (name: string, node: string) => (step: Step) =>
  faultsOf(step)?.some((one) => one.fault === name && one.node === node) ?? false;

/** The cause, what it takes, and the size of the smallest scenario with it. */
const planted: { name: string; steps: Step[]; isCause: (steps: readonly Step[]) => boolean; least: number }[] = [
  {
    name: "one fault",
    steps: hidden([provoke(kill("alpha"))], [13]),
    isCause: (steps) => hasInOrder(steps, doesFault("kill", "alpha")),
    least: 1,
  },
  {
    name: "two faults far apart",
    steps: hidden([provoke(kill("alpha")), provoke(kill("gamma"))], [2, 20]),
    isCause: (steps) => hasInOrder(steps, doesFault("kill", "alpha"), doesFault("kill", "gamma")),
    least: 2,
  },
  {
    name: "one of three faults of a step, and a repair",
    steps: hidden([provoke(pause("alpha"), kill("beta"), pause("gamma")), repair("beta")], [5, 9]),
    isCause: (steps) => hasInOrder(steps, doesFault("kill", "beta"), (step) => step.step === "repair"),
    least: 2,
  },
  {
    name: "a fault and a wait of two seconds",
    steps: hidden([provoke(kill("beta")), hold(16_000)], [10, 11]),
    isCause: (steps) =>
      hasInOrder(steps, doesFault("kill", "beta"), (step) => step.step === "hold" && step.ms >= 2_000),
    least: 2,
  },
  {
    name: "three faults in order",
    steps: hidden([provoke(kill("gamma")), provoke(kill("beta")), provoke(kill("alpha"))], [1, 12, 22]),
    isCause: (steps) =>
      hasInOrder(steps, doesFault("kill", "gamma"), doesFault("kill", "beta"), doesFault("kill", "alpha")),
    least: 3,
  },
];

describe("shrinking", () => {
  it.each(planted)("leaves the cause and at most half as much again: $name", async ({ steps, isCause, least }) => {
    const zone = flakyZone(isCause);
    const result = await shrink(steps, options, zone);
    expect(isCause(result.steps)).toBe(true);
    expect(sizeOf(result.steps)).toBeLessThanOrEqual(Math.ceil(least * 1.5));
    expect(result.after.red / result.after.of).toBeGreaterThan(0.4);
    expect(zone.count()).toBe(result.replays);
  });

  it("shortens a wait down to what the cause needs", async () => {
    const { steps, isCause } = planted[3]!;
    const result = await shrink(steps, options, flakyZone(isCause));
    expect(holdMsOf(result.steps)).toBe(2_000);
  });

  it("refuses a file that is not red", async () => {
    const zone = flakyZone(() => false);
    await expect(shrink(planted[0]!.steps, options, zone)).rejects.toThrow(/0 of \d+ replays .* were red/);
  });

  it("keeps what it has when no replay is left", async () => {
    const { steps, isCause } = planted[4]!;
    const result = await shrink(steps, { ...options, replaysMax: 12 }, flakyZone(isCause));
    expect(result.isCutShort).toBe(true);
    expect(isCause(result.steps)).toBe(true);
  });

  it("replays no version that cannot be a scenario", async () => {
    const { steps, isCause } = planted[1]!;
    const zone = flakyZone(isCause);
    const tried: number[] = [];
    const replay = (part: readonly Step[]) => (tried.push(part.length), zone.replay(part));
    const result = await shrink(steps, options, { ...zone, replay, isValid: (part) => part.length >= 12 });
    expect(Math.min(...tried)).toBe(12);
    expect(result.steps).toHaveLength(12);
  });

  it("drops nothing when a half of the replays decides nothing", async () => {
    const { steps, isCause, least } = planted[1]!;
    const result = await shrink(steps, options, flakyZone(isCause, { unknown: 0.5 }));
    expect(isCause(result.steps)).toBe(true);
    expect(sizeOf(result.steps)).toBeGreaterThanOrEqual(least);
  });
});

describe("the sequential test", () => {
  const answerOf = (share: number, seed: number): string => {
    const chance = seeded(seed);
    const test = new SequentialTest({ redAtLeast: 0.5, confidence: 0.95, replaysMax: 200 });
    while (test.answer === undefined) test.add(chance.next() < share ? "red" : "not-red");
    return test.answer;
  };
  const shareOf = (share: number, wanted: string): number =>
    Array.from({ length: 1_000 }, (_, seed) => answerOf(share, seed)).filter((one) => one === wanted).length / 1_000;

  it("errs no more often than it says, at both of its bounds", () => {
    expect(shareOf(0.5, "red")).toBeGreaterThan(0.95);
    expect(shareOf(0.15, "red")).toBeLessThan(0.05);
  });

  it("says nothing about replays of unknown outcome", () => {
    const test = new SequentialTest({ redAtLeast: 0.5, confidence: 0.95, replaysMax: 3 });
    for (let index = 0; index < 3; index += 1) test.add("unknown");
    expect(test.answer).toBe("undecided");
  });

  it("gives the interval that tables give", () => {
    const [low, high] = shareInterval(8, 10);
    expect(low).toBeCloseTo(0.49, 2);
    expect(high).toBeCloseTo(0.943, 2);
  });
});
