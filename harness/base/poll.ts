// Bounded waiting. Every wait has a deadline, and its error says what was seen instead.

import { delay, elapsedMs, nowNs } from "./clock.ts";
import { type ErrorCode, HarnessError } from "./errors.ts";

export interface PollOptions {
  /** What is awaited, as the end of "waited for …". */
  what: string;
  deadlineMs: number;
  intervalMs?: number;
  code?: ErrorCode;
  signal?: AbortSignal;
}

/** One look at the world: the awaited value, or words for what was seen instead. */
export type Look<T> = { done: T } | { saw: string };

/**
 * Looks until `look` gives `done`.
 *
 * @throws HarnessError `options.code` (`wait/timeout` unless given) at the deadline, naming what was last seen.
 */
export async function pollUntil<T>(look: () => Promise<Look<T>> | Look<T>, options: PollOptions): Promise<T> {
  const startNs = nowNs();
  for (;;) {
    const seen = await look();
    if ("done" in seen) return seen.done;
    if (elapsedMs(startNs) >= options.deadlineMs)
      throw new HarnessError(
        options.code ?? "wait/timeout",
        `waited ${options.deadlineMs} ms for ${options.what}: saw ${seen.saw}`,
      );
    await delay(options.intervalMs ?? 100, options.signal);
  }
}

/** Settles like `promise`, or rejects with `wait/timeout` after `deadlineMs`. */
export async function withDeadline<T>(promise: Promise<T>, options: PollOptions): Promise<T> {
  const stop = new AbortController();
  const late = delay(options.deadlineMs, stop.signal).then(() => {
    throw new HarnessError(
      options.code ?? "wait/timeout",
      `waited ${options.deadlineMs} ms for ${options.what}: saw no answer`,
      {
        isDefinite: false,
      },
    );
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort(new Error("done"));
  }
}
