// Bounded waiting. Every wait has a deadline. Its error says what was seen instead.

import { delay, elapsedMs, nowNs } from "./clock.ts";
import { type ErrorCode, HarnessError } from "./errors.ts";

export interface PollOptions {
  /** What is awaited: the end of the sentence "waited 300 ms for …". */
  what: string;
  deadlineMs: number;
  intervalMs?: number;
  code?: ErrorCode;
  signal?: AbortSignal;
}

/** Result of one attempt: the awaited value, or what was seen instead. */
export type Look<T> = { done: T } | { saw: string };

/**
 * Calls `look` until it returns `done`.
 *
 * @throws HarnessError `options.code`, by default `wait/timeout`, at the deadline. It names what was seen last.
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
