// Step "at-peer": steps in the second zone of a pair.

import type { LocalStep, StepOf } from "#spec/steps.ts";
import { peerOf, type StepContext, type TakeStep } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Takes these steps in the peer zone; needs `peers`. Steps of both zones are never taken at once. */
    "at-peer": { steps: LocalStep[] };
  }
}

export async function atPeer(context: StepContext, { steps }: StepOf<"at-peer">, take: TakeStep): Promise<void> {
  for (const step of steps) await take(peerOf(context), step);
}
