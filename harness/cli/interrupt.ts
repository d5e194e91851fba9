// Signals such as Ctrl-C. The first one makes the command clean up; a second one within 2 s ends the process at once.
// The next run or `triad prune` removes what a forced end leaves behind.

import { elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";

const secondWithinMs = 2_000;

/** As shells do: 128 plus the number of the signal. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof exitCodes;

export interface Interrupts {
  signal: AbortSignal;
  /** The exit code of the first signal; null when there was none. */
  exitCode(): number | null;
}

export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
}

/** Listens from now on. `say` prints a line for the person; `end` ends the process at once. */
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
      `${signal}: cleaning up. A second signal within ${secondWithinMs / 1000} s ends at once; then run ./triad prune.`,
    );
    controller.abort(new HarnessError("run/interrupted", `the run was interrupted by ${signal}`));
  };
  for (const signal of Object.keys(exitCodes) as Signal[]) source.on(signal, () => onSignal(signal));
  return { signal: controller.signal, exitCode: () => exitCode };
}
