// Parallel steps: a barrier that holds each until all have come, and a wait for all that reports the first failure.

import { withDeadline } from "#base/poll.ts";

/** Limit for the wait at a barrier. */
export const barrierDeadlineMs = 30_000;

/** Waits for all of them, so that nothing is still being made when the first failure is thrown. */
export async function allOf(parts: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/** Holds each caller until `count` have come. A caller whose create failed never comes; its own error is reported. */
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
