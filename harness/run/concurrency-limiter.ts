// How many zones may run at once on this machine, found out while they run. A count of cores does not tell: machines of two
// cores differ by more than two in what they carry, and others may want the same cores. More zones than it carries make
// every zone late. Opens one place after the other while cores are to be had, and takes one back when too much waits for them.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { every, nowNs } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import { statPath, type Ticks, ticksIn } from "#base/idle.ts";
import { loadavgPath, runnableIn } from "#base/runnable.ts";

/** The right to run a zone, or a pair of them. Given back by disposing of it. */
export interface Place extends Disposable {
  /** True when there are more zones than the machine carries: whoever sees it first ends its zone and gives the place back. */
  readonly isUnwanted: boolean;
}

/** What was wanted of the cores, and what they had left, over some seconds. */
export interface Demand {
  /** Tasks that want to run, a core; the mean. */
  runnablePerCore: number;
  /** Of their time, 0 to 1. */
  idle: number;
}

export interface Reading {
  /** Places that may be taken now, at least 1. */
  allowed: number;
  taken: number;
  /** Over `spanMs`. */
  lately: Demand;
  /** Over twice as long; nothing before that much was seen. */
  lasting: Demand | undefined;
  sinceChangeMs: number;
  /** How long no other is let in after a change. */
  settleMs: number;
}

const readEveryMs = 250;
/** A zone that starts wants several seconds of a core, and so much must be seen of it before the next is let in. */
const spanMs = 12_000;
const settleMs = 12_000;
/** Each time one was asked to go, the next waits twice as long, up to this: what once did not fit rarely fits soon after. */
const settleMaxMs = 48_000;
/** Zones wake all at once and then none does, so that tasks wait although there are cores to be had: only idle time tells of room. */
const roomAbove = 0.25;
/** To end a zone and start another later costs more than some crowded seconds: both must last. Measured: docs/decisions/0006-speed.md. */
const crowded: Demand = { runnablePerCore: 4, idle: 0.08 };
/**
 * Who waits for a place waits as long as the others have work, which they tell by `isNeeded`: this only ends a wait that nobody ends.
 * It was 15 min once, and a run that took longer ended because one of its lanes never had room.
 */
const placeDeadlineMs = 24 * 3_600_000;

/** Places that may be taken from now on. Pure. */
export function nextAllowed(reading: Reading, width: number): number {
  const { allowed, taken, lately, lasting, sinceChangeMs } = reading;
  if (sinceChangeMs < settleMs) return allowed;
  const isContended = lasting && lasting.runnablePerCore > crowded.runnablePerCore && lasting.idle < crowded.idle;
  // One at a time: a zone that is asked to go ends its scenario first.
  if (isContended) return taken > allowed ? allowed : Math.max(1, taken - 1);
  const hasRoom = lately.idle > roomAbove && lately.runnablePerCore < crowded.runnablePerCore;
  return hasRoom && taken >= allowed && sinceChangeMs >= reading.settleMs ? Math.min(width, allowed + 1) : allowed;
}

/** What the kernel counts at one moment. */
interface Count extends Ticks {
  runnable: number;
}

export class ConcurrencyLimiter implements Disposable {
  /** Places at most. */
  readonly width: number;
  /** The last of them, over twice the span. */
  readonly #counts: Count[] = [];
  readonly #timer: Disposable | undefined;
  #allowed: number;
  #taken = 0;
  /** How many wait for more than one zone; they come first, or single ones would always be quicker. */
  #wide = 0;
  #changedNs = nowNs();
  #settleMs = settleMs;

  /** @param width places at most; all of them at once when `isFixed` or where the kernel does not count its tasks. */
  constructor(width: number, { isFixed }: { isFixed: boolean }) {
    this.width = width;
    const isCounted = !isFixed && countNow() !== undefined;
    this.#allowed = isCounted ? Math.min(width, Math.max(2, Math.ceil(1.5 * availableParallelism()))) : width;
    if (isCounted) this.#timer = every(readEveryMs, () => this.#read());
  }

  /**
   * A place as soon as there is one; nothing once `isNeeded` says no. @throws what the signal carries.
   * @param zones how many are run in it, at once; two are let in alone where there is never room for both.
   */
  async enter(isNeeded: () => boolean, signal: AbortSignal, zones = 1): Promise<Place | undefined> {
    signal.throwIfAborted();
    const isWide = zones > 1;
    // Each of two zones that exchange also stores the other's facts: beside a pair and two zones, 12 tasks wanted each of two cores.
    const places = isWide ? zones + 1 : 1;
    const fits = () =>
      isWide
        ? this.#taken === 0 || this.#taken + places <= this.#allowed
        : this.#taken < this.#allowed && this.#wide === 0;
    const look = () => {
      if (!isNeeded()) return { done: undefined };
      return fits() ? { done: this.#take(places) } : { saw: `${this.#taken} places taken` };
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

  #take(places: number): Place {
    this.#taken += places;
    this.#changedNs = nowNs();
    let isTaken = true;
    const isOver = () => this.#taken > this.#allowed;
    return {
      get isUnwanted() {
        return isOver();
      },
      [Symbol.dispose]: () => {
        if (isTaken) this.#taken -= places;
        isTaken = false;
      },
    };
  }

  #read(): void {
    const count = countNow();
    if (!count) return;
    this.#counts.push(count);
    const kept = (2 * spanMs) / readEveryMs;
    if (this.#counts.length > kept) this.#counts.shift();
    const lately = this.#counts.slice(-kept / 2);
    const reading = {
      allowed: this.#allowed,
      taken: this.#taken,
      lately: demandOf(lately),
      lasting: this.#counts.length < kept ? undefined : demandOf(this.#counts),
      sinceChangeMs: (nowNs() - this.#changedNs) / 1e6,
      settleMs: this.#settleMs,
    };
    const allowed = nextAllowed(reading, this.width);
    if (allowed === this.#allowed) return;
    if (allowed < this.#allowed) this.#settleMs = Math.min(settleMaxMs, 2 * this.#settleMs);
    this.#allowed = allowed;
    this.#changedNs = nowNs();
  }
}

function demandOf(counts: readonly Count[]): Demand {
  const [first, last] = [counts[0]!, counts.at(-1)!];
  const runnable = counts.reduce((sum, count) => sum + count.runnable, 0) / counts.length;
  return {
    runnablePerCore: runnable / availableParallelism(),
    idle: (last.idle - first.idle) / Math.max(1, last.all - first.all),
  };
}

/** Nothing where the kernel does not count. */
function countNow(): Count | undefined {
  try {
    const runnable = runnableIn(readFileSync(loadavgPath, "latin1"));
    const ticks = ticksIn(readFileSync(statPath, "latin1"));
    return runnable !== undefined && ticks ? { runnable, ...ticks } : undefined;
  } catch {
    return undefined;
  }
}
