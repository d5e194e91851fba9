// Ends a wait with a mark in the history. A zone that does not get there in time is a finding: the mark says so.

import { HarnessError } from "#base/errors.ts";
import type { Awaited } from "#history/event.ts";

/** Calls `mark` when `wait` is over; with what was seen instead when its deadline passed. */
export async function markOutcome(wait: () => Promise<unknown>, mark: (end: Awaited) => void): Promise<void> {
  try {
    await wait();
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return mark({ isTimedOut: true, saw: error.message });
  }
  mark({});
}

export function isTimeout(error: unknown): error is HarnessError {
  return error instanceof HarnessError && error.code === "wait/timeout";
}
