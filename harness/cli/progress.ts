// Progress on standard error: lines that are redrawn on a terminal, plain lines elsewhere. Results go to standard
// output, and what must last is in the evidence folder.

import type { Progress, ProgressStep } from "#api/progress.ts";
import { elapsedMs, every, nowNs } from "#base/clock.ts";
import { durationText } from "#base/duration.ts";

/** Where lines go; process.stderr is one. */
export interface ProgressSink {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Plain lines repeat a step this often, so that a CI system does not take the run for hung. */
const plainEveryMs = 15_000;
const redrawEveryMs = 200;

interface Live {
  name: string;
  startNs: number;
  expectedMs: number | undefined;
  share: number | undefined;
  detail: string;
  saidNs: number;
}

/** Estimated milliseconds until the end; null when there is no estimate or it has passed. */
export function remainingMs(
  step: { share?: number | undefined; expectedMs?: number | undefined },
  spentMs: number,
): number | null {
  // Below 5% the share says more about the start than about the pace.
  if (step.share !== undefined && step.share >= 0.05) return (spentMs * (1 - step.share)) / step.share;
  if (step.expectedMs === undefined || spentMs >= step.expectedMs) return null;
  return step.expectedMs - spentMs;
}

/** Writes progress to `sink`. In CI it writes plain lines even to a terminal. */
export class TextProgress implements Progress, Disposable {
  readonly #sink: ProgressSink;
  readonly #isLive: boolean;
  readonly #now: () => number;
  readonly #steps = new Set<Live>();
  readonly #timer: Disposable;
  #drawn = 0;

  constructor(sink: ProgressSink, options: { isCi?: boolean; now?: () => number } = {}) {
    this.#sink = sink;
    this.#isLive = sink.isTTY === true && options.isCi !== true;
    this.#now = options.now ?? nowNs;
    this.#timer = every(redrawEveryMs, () => this.tick());
  }

  say(line: string): void {
    this.#erase();
    this.#sink.write(`${line}\n`);
    this.#draw();
  }

  step(name: string, expectedMs?: number): ProgressStep {
    const startNs = this.#now();
    const live: Live = { name, startNs, expectedMs, share: undefined, detail: "", saidNs: startNs };
    this.#steps.add(live);
    if (this.#isLive) this.#draw();
    else this.say(`start  ${name}`);
    const end = (mark: string, detail: string | undefined) => {
      if (!this.#steps.delete(live)) return;
      const spent = durationText(elapsedMs(live.startNs, this.#now()));
      this.say(`${mark}  ${name}${detail ? `: ${detail}` : ""} (${spent})`);
    };
    return {
      update: (detail, share) => Object.assign(live, { detail, share: share ?? live.share }),
      done: (detail) => end("done ", detail),
      failed: (detail) => end("FAIL ", detail),
    };
  }

  /** Redraws, or repeats each step that was not printed for long. A timer calls it. */
  tick(): void {
    if (this.#isLive) return this.#draw();
    for (const step of this.#steps) {
      if (elapsedMs(step.saidNs, this.#now()) < plainEveryMs) continue;
      step.saidNs = this.#now();
      this.#sink.write(`       ${this.#lineOf(step)}\n`);
    }
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#erase();
    this.#steps.clear();
  }

  #lineOf(step: Live): string {
    const spentMs = elapsedMs(step.startNs, this.#now());
    const leftMs = remainingMs(step, spentMs);
    const time = durationText(spentMs) + (leftMs === null ? "" : `, about ${durationText(leftMs)} left`);
    return `${step.name} (${time})${step.detail ? `: ${step.detail}` : ""}`;
  }

  #draw(): void {
    if (!this.#isLive) return;
    this.#erase();
    // A wrapped line would count as two, and the next redraw would leave rests.
    const width = Math.max(20, (this.#sink.columns ?? 80) - 1);
    const lines = [...this.#steps].map((step) => this.#lineOf(step).slice(0, width));
    if (lines.length > 0) this.#sink.write(`${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  #erase(): void {
    // Move up by the number of drawn lines, then clear to the end of the screen.
    if (this.#drawn > 0) this.#sink.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }
}
