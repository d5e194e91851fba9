// Step "parallel": several lists of steps at once.

import { plannedFaults } from "#spec/scenario.ts";
import type { LocalStep, StepOf } from "#spec/steps.ts";
import type { StepContext, TakeStep } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Takes each list of steps beside the others; it ends when all have ended. The first list starts first. */
    parallel: { branches: LocalStep[][] };
  }
}

/** Each branch numbers its faults from its place in the plan, whichever comes first. */
export async function parallel(context: StepContext, { branches }: StepOf<"parallel">, take: TakeStep): Promise<void> {
  const taken = branches.map(async (steps) => {
    const injector = context.injector.branch(plannedFaults({ steps }).length);
    for (const step of steps) await take({ ...context, injector }, step);
  });
  const ended = await Promise.allSettled(taken);
  const failed = ended.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
}
