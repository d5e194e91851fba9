// Beats at a rate that does not depend on answers (open loop). After a late timer a burst catches up, within a bound.

import { nowNs } from "#base/clock.ts";

/** Older beats are dropped and counted as skipped, instead of being sent in one burst. */
const debtMaxNs = 1_000_000_000;

/**
 * Time between two small bursts of beats. A call costs most in waking the five processes on its way; calls that travel
 * together wake each of them once. It is also the resolution of a measured failover time.
 */
const gatherMs = 50;

/** Computes which beats are due. Pure: the time is an argument. */
export class Beats {
  readonly #stepNs: number;
  #nextNs: number;

  constructor(perS: number, startNs: number) {
    this.#stepNs = 1e9 / perS;
    this.#nextNs = startNs;
  }

  /** Beats due at `now`, and those dropped since the last call. */
  take(now: number): { due: number; skipped: number } {
    let skipped = 0;
    if (now - this.#nextNs > debtMaxNs) {
      skipped = Math.floor((now - debtMaxNs - this.#nextNs) / this.#stepNs);
      this.#nextNs += skipped * this.#stepNs;
    }
    const due = now < this.#nextNs ? 0 : Math.floor((now - this.#nextNs) / this.#stepNs) + 1;
    this.#nextNs += due * this.#stepNs;
    return { due, skipped };
  }

  /** Milliseconds until the next call of `take`: `gatherMs`, or the time to the next beat if that is longer. */
  waitMs(now: number): number {
    return Math.max(gatherMs, (this.#nextNs - now) / 1e6);
  }
}

/** Calls `beat` for each beat and `skip` with the number dropped, until the returned function is called. */
export function beatAt(perS: number, on: { beat: () => void; skip: (count: number) => void }): () => void {
  if (perS <= 0) return () => {};
  const beats = new Beats(perS, nowNs());
  let timer: NodeJS.Timeout;
  const round = () => {
    const { due, skipped } = beats.take(nowNs());
    if (skipped > 0) on.skip(skipped);
    for (let count = 0; count < due; count += 1) on.beat();
    timer = setTimeout(round, beats.waitMs(nowNs()));
  };
  round();
  return () => clearTimeout(timer);
}
