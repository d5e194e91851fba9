// Step "when": steps that begin a given time after something was seen of the zone.

import { delay, elapsedMs, nowNs } from "#base/clock.ts";
import { plannedFaults } from "#spec/scenario.ts";
import type { LocalStep, StepOf } from "#spec/steps.ts";
import type { Trigger } from "#spec/trigger.ts";
import { isTimeout } from "#scenario/mark-outcome.ts";
import type { StepContext, TakeStep } from "#scenario/step-context.ts";
import { watchTrigger } from "./watch-trigger.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /**
     * Waits from now on for what it names, then `offsetMs` more, counted from the instant at which it was seen, and
     * takes the steps. When it does not happen in time, the steps are left out: a fault among them did not run, so no
     * verdict is drawn.
     */
    when: Trigger & { offsetMs: number; deadlineMs: number; steps: LocalStep[] };
  }
}

/** Marks `triggered`, with the instant of the observation and how much later the steps began. */
export async function when(context: StepContext, step: StepOf<"when">, take: TakeStep): Promise<void> {
  const { history, signal, injector } = context;
  const { sees, offsetMs, deadlineMs, steps } = step;
  const about = { sees, ...(step.node ? { node: step.node } : {}) };
  let seenNs: number;
  try {
    ({ t: seenNs } = await watchTrigger(context, step, deadlineMs));
  } catch (error) {
    if (signal.aborted || !isTimeout(error)) throw error;
    // The faults that are left out keep their numbers.
    injector.branch(plannedFaults({ steps }).length);
    return history.mark("triggered", { ...about, isTimedOut: true, saw: error.message });
  }
  const earlyMs = offsetMs - elapsedMs(seenNs);
  if (earlyMs > 0) await delay(earlyMs, signal);
  const startNs = nowNs();
  history.mark("triggered", { ...about, seenNs, lateMs: elapsedMs(seenNs, startNs) - offsetMs });
  for (const one of steps) await take(context, one);
}
