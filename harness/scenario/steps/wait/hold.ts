// Step "hold": time passes.

import { delay } from "#base/clock.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Lets time pass: long enough for what must not happen to have happened. */
    hold: { ms: number };
  }
}

export async function hold({ history, signal }: StepContext, { ms }: StepOf<"hold">): Promise<void> {
  await delay(ms, signal);
  history.mark("held", { ms });
}
