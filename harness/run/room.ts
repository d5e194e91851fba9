// How many zones may run at once on this machine, found out while they run. A count of cores does not tell: machines of two
// cores differ by more than two in what they carry, and others may want the same cores. More zones than it carries make
// every zone late. Opens one place after the other while cores are to be had, and takes one back when too much waits for them.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { every, nowNs } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import { loadavgPath, runnableIn } from "#base/runnable.ts";

/** The right to run a zone, or a pair of them. Given back by disposing of it. */
export interface Place extends Disposable {
  /** True when there are more zones than the machine carries: whoever sees it first ends its zone and gives the place back. */
  readonly isUnwanted: boolean;
}

export interface Reading {
  /** Places that may be taken now, at least 1. */
  allowed: number;
  taken: number;
  /** Runnable tasks a core, mean of the last seconds, and of twice as long. */
  runnablePerCore: number;
  runnablePerCoreLong: number;
  sinceChangeMs: number;
}

const readEveryMs = 250;
/** The mean is taken over this long. A zone that starts wants several seconds of a core, and so much must be seen of it. */
const spanMs = 12_000;
/** A zone is asked to go only for what lasts longer: to end one and start another later costs more than a few crowded seconds. */
const longSpanMs = 2 * spanMs;
const settleMs = 12_000;
/** Runnable tasks a core. Up to the first another zone is let in; beyond the second one is asked to go. Measured: docs/decisions/0006-speed.md. */
const roomBelow = 1.5;
const crowdedAbove = 4;
/** Longest wait for a place: the longest scenario, several times. */
const placeDeadlineMs = 900_000;

/** Places that may be taken from now on. Pure. */
export function nextAllowed(reading: Reading, width: number): number {
  const { allowed, taken, runnablePerCore, runnablePerCoreLong, sinceChangeMs } = reading;
  if (sinceChangeMs < settleMs) return allowed;
  // One at a time: a zone that is asked to go ends its scenario first.
  if (runnablePerCoreLong > crowdedAbove) return taken > allowed ? allowed : Math.max(1, taken - 1);
  if (runnablePerCore < roomBelow && taken >= allowed) return Math.min(width, allowed + 1);
  return allowed;
}

export class Room implements Disposable {
  /** Places at most. */
  readonly width: number;
  readonly #readings: number[] = [];
  readonly #timer: Disposable | undefined;
  #allowed: number;
  #taken = 0;
  /** How many wait for more than one place; they come first, or single ones would always be quicker. */
  #wide = 0;
  #changedNs = nowNs();

  /** @param width places at most; all of them at once when `isFixed` or where the kernel does not count its tasks. */
  constructor(width: number, { isFixed }: { isFixed: boolean }) {
    this.width = width;
    const isCounted = !isFixed && runnableTasks() !== undefined;
    this.#allowed = isCounted ? Math.min(width, Math.max(2, availableParallelism())) : width;
    if (isCounted) this.#timer = every(readEveryMs, () => this.#read());
  }

  /**
   * A place as soon as there is one; nothing once `isNeeded` says no. @throws what the signal carries.
   * @param zones how many are run in it, at once; two are let in alone where there is never room for both.
   */
  async enter(isNeeded: () => boolean, signal: AbortSignal, zones = 1): Promise<Place | undefined> {
    const isWide = zones > 1;
    const fits = () =>
      isWide
        ? this.#taken === 0 || this.#taken + zones <= this.#allowed
        : this.#taken < this.#allowed && this.#wide === 0;
    const look = () => {
      if (!isNeeded()) return { done: undefined };
      return fits() ? { done: this.#take(zones) } : { saw: `${this.#taken} zones running` };
    };
    if (isWide) this.#wide += 1;
    try {
      return await pollUntil<Place | undefined>(look, {
        what: zones === 1 ? "room for a zone on this machine" : `room for ${zones} zones on this machine`,
        deadlineMs: placeDeadlineMs,
        intervalMs: readEveryMs,
        signal,
      });
    } finally {
      if (isWide) this.#wide -= 1;
    }
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #take(zones: number): Place {
    this.#taken += zones;
    this.#changedNs = nowNs();
    let isTaken = true;
    const isOver = () => this.#taken > this.#allowed;
    return {
      get isUnwanted() {
        return isOver();
      },
      [Symbol.dispose]: () => {
        if (isTaken) this.#taken -= zones;
        isTaken = false;
      },
    };
  }

  #read(): void {
    this.#readings.push(runnableTasks() ?? 0);
    if (this.#readings.length > longSpanMs / readEveryMs) this.#readings.shift();
    const reading = {
      allowed: this.#allowed,
      taken: this.#taken,
      runnablePerCore: mean(this.#readings.slice(-spanMs / readEveryMs)) / availableParallelism(),
      runnablePerCoreLong: mean(this.#readings) / availableParallelism(),
      sinceChangeMs: (nowNs() - this.#changedNs) / 1e6,
    };
    const allowed = nextAllowed(reading, this.width);
    if (allowed === this.#allowed) return;
    this.#allowed = allowed;
    this.#changedNs = nowNs();
  }
}

function mean(readings: readonly number[]): number {
  return readings.reduce((sum, one) => sum + one, 0) / readings.length;
}

/** Tasks that want a core now, this one left out; nothing where the kernel does not count them. */
function runnableTasks(): number | undefined {
  try {
    return runnableIn(readFileSync(loadavgPath, "latin1"));
  } catch {
    return undefined;
  }
}
