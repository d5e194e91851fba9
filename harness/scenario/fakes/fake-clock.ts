// Time that a test moves by hand: deadlines of a minute pass at once. For unit tests.

import { afterEach, beforeEach, jest } from "@jest/globals";

/** Every test of the file gets a clock that stands still. */
export function useFakeClock(): void {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] }));
  afterEach(() => void jest.useRealTimers());
}

/** Moves the clock by `ms` while `work` is under way, then waits for its end. */
export async function during<T>(ms: number, work: PromiseLike<T>): Promise<T> {
  const ended = Promise.allSettled([work]);
  await jest.advanceTimersByTimeAsync(ms);
  const [end] = await ended;
  if (end.status === "rejected") throw end.reason;
  return end.value;
}
