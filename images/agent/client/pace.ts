// Beats at a rate that does not depend on answers (open loop): a late timer is made up for by a burst, within a bound.

import { nowNs } from "#base/clock.ts";

/** Beats that lie further back than this are given up, counted as skipped, and not sent in one burst. */
const debtMaxNs = 1_000_000_000;

/**
 * Beats are sent in small bursts this far apart. A call costs most in waking the five processes that it passes through;
 * three that travel together wake each of them once. It is also the grain of a measured failover time.
 */
const gatherMs = 50;

/** Which beats are due. Pure: time goes in. */
export class Beats {
  readonly #stepNs: number;
  #nextNs: number;

  constructor(perS: number, startNs: number) {
    this.#stepNs = 1e9 / perS;
    this.#nextNs = startNs;
  }

  /** Beats due at `now`, and those given up since the last asking. */
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

  /** Milliseconds until beats are worth asking for again: `gatherMs`, or until the next one when that is later. */
  waitMs(now: number): number {
    return Math.max(gatherMs, (this.#nextNs - now) / 1e6);
  }
}

/** Calls `beat` once a beat and `skip` with the number given up, until the returned function is called. */
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
