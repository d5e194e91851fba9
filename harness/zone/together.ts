// Several things at one moment: those that wait for each other, and those that all must end before a failure is told.

import { withDeadline } from "#base/poll.ts";

/** Longest wait for the others to be made. */
export const barrierDeadlineMs = 30_000;

/** Waits for all of them, so that nothing is still being made when the first failure is thrown. */
export async function allOf(parts: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** Holds each caller until `count` have come. One that never comes is a failed create, reported by its own error. */
export function barrier(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return () => {
    arrived += 1;
    if (arrived === count) resolve();
    return withDeadline(promise, {
      what: "all three nodes to be created",
      deadlineMs: barrierDeadlineMs,
      code: "zone/start-failed",
    });
  };
}
