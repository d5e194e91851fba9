// How an operation reports its progress. Types only; harness/cli/progress.ts writes the lines.

export interface ProgressStep {
  /** What it does now. `share` is the part that is done, 0 to 1, where that is known. */
  update(detail: string, share?: number): void;
  done(detail?: string): void;
  failed(detail: string): void;
}

export interface Progress {
  /** `expectedMs` is an estimate of the whole duration, used until a share is known. */
  step(name: string, expectedMs?: number): ProgressStep;
  /** One line that stays. */
  say(line: string): void;
}
