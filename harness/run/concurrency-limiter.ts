// How many zones may run at once on this machine, found out while they run. The number of cores does not tell: machines
// with two cores differ by more than a factor of two in what they carry, and other programs may use the same cores. Too
// many zones make every zone late. The limiter opens one slot after the other while cores are idle, and closes one when
// too many tasks wait.

import { availableParallelism } from "node:os";
import { elapsedMs, every, nowNs } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import { countNow, type CpuCount, type Demand, DemandWindow } from "./cpu-demand.ts";

/** The right to run a zone, or a pair of zones. Disposing of it releases it. */
export interface Slot extends Disposable {
  /**
   * More slots are taken than the machine carries. The first holder that sees this ends its zone and releases its slot.
   */
  readonly isExcess: boolean;
  /** While the slot was held, more tasks wanted the cores than a zone bears, for twice `spanMs`. */
  readonly wasContended: boolean;
}

export interface Reading {
  /** Slots that may be taken now, at least 1. */
  allowed: number;
  taken: number;
  /** Over `spanMs`. */
  lately: Demand;
  /** Over twice that time; undefined before that much was seen. */
  lasting: Demand | undefined;
  sinceChangeMs: number;
  /** How long no slot is opened after a change. */
  settleMs: number;
}

export interface LimiterOptions {
  /** Opens all slots from the start, whatever the machine does. */
  isFixed: boolean;
  /**
   * A slot beside others is given only while fewer tasks than this want each core, and while cores are idle. By default
   * every open slot is given at once.
   */
  calmPerCore?: number;
  /** What the kernel counts now; undefined where it does not. */
  count?: () => CpuCount | undefined;
}

const readEveryMs = 250;
/** A starting zone keeps a core busy for several seconds; so much of it must be seen before another slot opens. */
const spanMs = 12_000;
const settleMs = 12_000;
/**
 * Each time a slot is closed, the next opening waits twice as long, up to this: what did not fit once rarely fits soon
 * after.
 */
const settleMaxMs = 48_000;
/**
 * Zones wake at the same moments and then sleep, so tasks queue for a moment even on a machine with free cores. Only
 * idle time shows that cores are free.
 */
const idleAbove = 0.25;
/**
 * To end a zone and start another costs more than some busy seconds: both must last. Measured:
 * docs/decisions/0006-speed.md.
 */
const contended: Demand = { runnablePerCore: 4, idle: 0.08 };
/**
 * Backstop only: a wait normally ends when `isNeeded` returns false. 15 min ended a long run whose lane never got a
 * slot.
 */
const slotDeadlineMs = 24 * 3_600_000;

/** Slots that may be taken from now on. Pure. */
export function nextAllowed(reading: Reading, width: number): number {
  const { allowed, taken, lately, lasting, sinceChangeMs } = reading;
  if (sinceChangeMs < settleMs) return allowed;
  const isContended = lasting && lasting.runnablePerCore > contended.runnablePerCore && lasting.idle < contended.idle;
  // One at a time: a zone ends its scenario before its slot is released.
  if (isContended) return taken > allowed ? allowed : Math.max(1, taken - 1);
  const isIdle = lately.idle > idleAbove && lately.runnablePerCore < contended.runnablePerCore;
  return isIdle && taken >= allowed && sinceChangeMs >= reading.settleMs ? Math.min(width, allowed + 1) : allowed;
}

export class ConcurrencyLimiter implements Disposable {
  /** Slots at most. */
  readonly width: number;
  readonly #demand = new DemandWindow(spanMs / readEveryMs);
  readonly #count: () => CpuCount | undefined;
  readonly #calmPerCore: number | undefined;
  readonly #timer: Disposable | undefined;
  #allowed: number;
  #taken = 0;
  /** How many wait for a pair. They come first: single zones would always fit sooner. */
  #pairsWaiting = 0;
  /** By slot that is held: was there contention since it was taken? */
  readonly #contentions = new Set<{ wasSeen: boolean }>();
  #changedNs = nowNs();
  #settleMs = settleMs;

  constructor(width: number, { isFixed, calmPerCore, count = countNow }: LimiterOptions) {
    this.width = width;
    this.#count = count;
    const isCounted = !isFixed && count() !== undefined;
    this.#calmPerCore = isCounted ? calmPerCore : undefined;
    this.#allowed = isCounted ? Math.min(width, Math.max(2, Math.ceil(1.5 * availableParallelism()))) : width;
    if (isCounted) this.#timer = every(readEveryMs, () => this.#read());
  }

  /**
   * Waits for a slot.
   *
   * @param zones how many zones run in it at once. A pair gets a slot alone where the machine never carries both beside
   * others.
   * @returns undefined once `isNeeded` returns false.
   * @throws the signal's reason.
   */
  async acquire(isNeeded: () => boolean, signal: AbortSignal, zones = 1): Promise<Slot | undefined> {
    signal.throwIfAborted();
    const isPair = zones > 1;
    // Each zone of a pair also stores the other's facts. A pair beside two zones made 12 tasks want each of two cores.
    const weight = isPair ? zones + 1 : 1;
    const fits = () =>
      isPair
        ? this.#taken === 0 || this.#taken + weight <= this.#allowed
        : this.#taken < this.#allowed && this.#pairsWaiting === 0;
    const look = () => {
      if (!isNeeded()) return { done: undefined };
      return fits() && this.#isCalm() ? { done: this.#take(weight) } : { saw: `${this.#taken} slots taken` };
    };
    if (isPair) this.#pairsWaiting += 1;
    try {
      return await pollUntil<Slot | undefined>(look, {
        what: isPair ? `slots for ${zones} zones on this machine` : "a slot for a zone on this machine",
        deadlineMs: slotDeadlineMs,
        intervalMs: readEveryMs,
        signal,
      });
    } finally {
      if (isPair) this.#pairsWaiting -= 1;
    }
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  /** The machine has room for one zone more. A zone alone is always let in. */
  #isCalm(): boolean {
    if (this.#taken === 0 || this.#calmPerCore === undefined) return true;
    // The cost of the zone that started last must be seen first.
    if (elapsedMs(this.#changedNs) < settleMs) return false;
    const { runnablePerCore, idle } = this.#demand.lately;
    return runnablePerCore < this.#calmPerCore && idle > idleAbove;
  }

  #take(weight: number): Slot {
    this.#taken += weight;
    this.#changedNs = nowNs();
    let isTaken = true;
    const isExcess = () => this.#taken > this.#allowed;
    const contention = { wasSeen: false };
    this.#contentions.add(contention);
    return {
      get isExcess() {
        return isExcess();
      },
      get wasContended() {
        return contention.wasSeen;
      },
      [Symbol.dispose]: () => {
        this.#contentions.delete(contention);
        if (isTaken) this.#taken -= weight;
        isTaken = false;
      },
    };
  }

  #read(): void {
    const count = this.#count();
    if (!count) return;
    this.#demand.add(count);
    const { lately, lasting } = this.#demand;
    if (lasting && lasting.runnablePerCore > contended.runnablePerCore)
      for (const one of this.#contentions) one.wasSeen = true;
    const counted = { allowed: this.#allowed, taken: this.#taken, settleMs: this.#settleMs };
    const allowed = nextAllowed({ ...counted, lately, lasting, sinceChangeMs: elapsedMs(this.#changedNs) }, this.width);
    if (allowed === this.#allowed) return;
    if (allowed < this.#allowed) this.#settleMs = Math.min(settleMaxMs, 2 * this.#settleMs);
    this.#allowed = allowed;
    this.#changedNs = nowNs();
  }
}
