// How a command says how far it is. Types only; harness/cli/progress.ts writes the lines.

export interface ProgressStep {
  /** What it is doing now; `share` is how much is done, 0 to 1, when that is known. */
  update(detail: string, share?: number): void;
  done(detail?: string): void;
  failed(detail: string): void;
}

export interface Progress {
  /** `expectedMs` is a guess at the whole duration. It gives the time that remains until a share is known. */
  step(name: string, expectedMs?: number): ProgressStep;
  /** One line that stays. */
  say(line: string): void;
}
