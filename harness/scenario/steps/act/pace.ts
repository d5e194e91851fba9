// Steps "pace", "pause-load" and "resume-load": how fast the client host's load calls.

import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** The load continues at this rate, or with so many calls at a time, each followed by the next. */
    pace: { appendPerS: number } | { inFlight: number };
    /** No client calls from here to "resume-load": what is acknowledged after a snapshot is not in it. */
    "pause-load": object;
    "resume-load": object;
  }
}

export async function pace({ load, history }: StepContext, step: StepOf<"pace">): Promise<void> {
  const to = "inFlight" in step ? { inFlight: step.inFlight } : { appendPerS: step.appendPerS };
  await load.pace(to);
  history.mark("paced", to);
}

export async function pauseLoad({ load, history }: StepContext): Promise<void> {
  // The mark comes first: calls that are invoked while the client drains belong to the pause.
  history.mark("load-paused");
  await load.pause();
}

export async function resumeLoad({ load, history }: StepContext): Promise<void> {
  await load.resume();
  history.mark("load-resumed");
}
