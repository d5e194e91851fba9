// Step "every": the same steps again and again, at fixed instants.

import { delay, elapsedMs, nowNs } from "#base/clock.ts";
import type { LocalStep, StepOf } from "#spec/steps.ts";
import type { StepContext, TakeStep } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /**
     * Starts a round of the steps every `ms`, `times` times. A round that comes late starts at once; none is left out.
     */
    every: { ms: number; times: number; steps: LocalStep[] };
  }
}

export async function every(context: StepContext, step: StepOf<"every">, take: TakeStep): Promise<void> {
  const startNs = nowNs();
  for (let round = 0; round < step.times; round += 1) {
    const earlyMs = round * step.ms - elapsedMs(startNs);
    if (earlyMs > 0) await delay(earlyMs, context.signal);
    for (const one of step.steps) await take(context, one);
  }
}
