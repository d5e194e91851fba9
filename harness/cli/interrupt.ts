// Ctrl-C and its relatives: the first one asks every command to clean up, a second one soon after ends at once.
// The only place that listens to signals. What a forced end leaves behind is swept by the next run or `triad prune`.

import { elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";

const secondWithinMs = 2_000;

/** Exit codes a shell expects: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof exitCodes;

export interface Interrupts {
  signal: AbortSignal;
  /** The exit code of the signal that came, or null. */
  exitCode(): number | null;
}

export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
}

/**
 * Listens from now on. `say` gets the line for the person at the keyboard; `end` ends the process at once.
 */
export function watchInterrupts(
  source: SignalSource,
  say: (line: string) => void,
  end: (code: number) => void,
): Interrupts {
  const controller = new AbortController();
  let lastNs: number | null = null;
  let exitCode: number | null = null;
  const onSignal = (signal: Signal) => {
    const isSecond = lastNs !== null && elapsedMs(lastNs) <= secondWithinMs;
    lastNs = nowNs();
    if (isSecond) return end(exitCodes[signal]);
    exitCode ??= exitCodes[signal];
    say(
      `${signal}: cleaning up; once more within ${secondWithinMs / 1000} s ends at once and leaves the rest to ./triad prune`,
    );
    controller.abort(new HarnessError("run/interrupted", `the run was ended by ${signal}`));
  };
  for (const signal of Object.keys(exitCodes) as Signal[]) source.on(signal, () => onSignal(signal));
  return { signal: controller.signal, exitCode: () => exitCode };
}
