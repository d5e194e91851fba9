// The end of a run by its deadline.

import { signalAfter } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";

/** A signal that ends the run after so many seconds, until disposed. */
export function deadlineAfter(seconds: number): ReturnType<typeof signalAfter> {
  const reason = new HarnessError("run/interrupted", `the run reached its deadline of ${seconds} s`);
  return signalAfter(seconds * 1_000, reason);
}
