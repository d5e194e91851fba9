// Decides which facts a client sends again with the same message id: one call in twenty. Most are the newest:
// acknowledged facts and facts in doubt take turns, the oldest of them first. After a failover those are facts that the
// previous active node took. Others were acknowledged seconds ago, or by an earlier load of the same zone, which is
// minutes ago. Some are sent with another payload, which must be refused.

export const repeatEvery = 20;

/** Facts remembered of each newest kind: some tenths of a second of load. */
const keptMost = 16;
/** Acknowledged facts remembered for longer, spread over the load: one a second. */
const olderMost = 256;
const olderGapMs = 1_000;
/** So old must a fact be to be sent again as an older one. */
const olderMinMs = 4_000;

/** `isOther`: to be sent with another payload. `wasBefore`: an earlier load had it acknowledged. */
export interface Repeat<T> {
  fact: T;
  isOther: boolean;
  wasBefore: boolean;
}

interface Older<T> {
  fact: T;
  atMs: number;
  wasBefore: boolean;
}

/** What is sent again in turn. */
const turns = ["newest", "older", "newest", "other", "newest", "other-older"] as const;

export class Repeats<T> {
  readonly #acknowledged: T[] = [];
  readonly #inDoubt: T[] = [];
  /** From the oldest to the newest. */
  readonly #older: Older<T>[];
  readonly #maxMs: number;
  #calls = 0;
  #repeats = 0;
  #newest = 0;

  /** @param maxMs 0: only the newest, and no other payload. */
  constructor(maxMs = 0, before: readonly Older<T>[] = []) {
    this.#maxMs = maxMs;
    this.#older = maxMs > 0 ? [...before] : [];
  }

  /** Acknowledged facts for the next load of the same zone. */
  get remembered(): Older<T>[] {
    return this.#older.map((one) => ({ ...one, wasBefore: true }));
  }

  /** Reports how the call with this fact ended. A fact that certainly failed is not repeated. */
  ended(fact: T, type: "ok" | "fail" | "info", nowMs = 0): void {
    if (type === "fail") return;
    const kept = type === "ok" ? this.#acknowledged : this.#inDoubt;
    kept.push(fact);
    if (kept.length > keptMost) kept.shift();
    if (type !== "ok" || this.#maxMs === 0 || nowMs - (this.#older.at(-1)?.atMs ?? -Infinity) < olderGapMs) return;
    this.#older.push({ fact, atMs: nowMs, wasBefore: false });
    if (this.#older.length > olderMost) this.#older.shift();
  }

  /** Called once for each call. Returns the fact to send again, or undefined for a new one. */
  next(nowMs = 0): Repeat<T> | undefined {
    this.#calls += 1;
    if (this.#calls % repeatEvery !== 0) return undefined;
    const turn = this.#maxMs === 0 ? "newest" : turns[this.#repeats % turns.length]!;
    this.#repeats += 1;
    if (turn === "newest") return this.#nextNewest();
    const isOther = turn !== "older";
    if (turn === "other") {
      // Not taken away: it may be sent again as it is, too.
      const fact = this.#acknowledged[0];
      return fact === undefined ? this.#nextNewest() : { fact, isOther, wasBefore: false };
    }
    const older = this.#nextOlder(nowMs);
    return older ? { fact: older.fact, isOther, wasBefore: older.wasBefore } : this.#nextNewest();
  }

  #nextNewest(): Repeat<T> | undefined {
    this.#newest += 1;
    const [first, second] =
      this.#newest % 2 === 0 ? [this.#inDoubt, this.#acknowledged] : [this.#acknowledged, this.#inDoubt];
    const fact = first.shift() ?? second.shift();
    return fact === undefined ? undefined : { fact, isOther: false, wasBefore: false };
  }

  /** The oldest one that the zone must still recognise, and then the next ones. */
  #nextOlder(nowMs: number): Older<T> | undefined {
    while (this.#older[0] && nowMs - this.#older[0].atMs > this.#maxMs) this.#older.shift();
    const due = this.#older.filter(({ atMs }) => nowMs - atMs >= olderMinMs);
    return due.length === 0 ? undefined : due[(this.#repeats * 7) % due.length];
  }
}
