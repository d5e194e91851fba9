// Decides which facts a client sends again with the same message id: one call in twenty. Acknowledged facts and facts
// in doubt take turns, the oldest first. After a failover those are facts that the previous active node took.

export const repeatEvery = 20;

/** Facts remembered of each kind: some tenths of a second of load. */
const keptMost = 16;

export class Repeats<T> {
  readonly #acknowledged: T[] = [];
  readonly #inDoubt: T[] = [];
  #calls = 0;
  #repeats = 0;

  /** Reports how the call with this fact ended. A fact that certainly failed is not repeated. */
  ended(fact: T, type: "ok" | "fail" | "info"): void {
    if (type === "fail") return;
    const kept = type === "ok" ? this.#acknowledged : this.#inDoubt;
    kept.push(fact);
    if (kept.length > keptMost) kept.shift();
  }

  /** Called once for each call. Returns the fact to send again, or undefined for a new one. */
  next(): T | undefined {
    this.#calls += 1;
    if (this.#calls % repeatEvery !== 0) return undefined;
    this.#repeats += 1;
    const [first, second] =
      this.#repeats % 2 === 0 ? [this.#inDoubt, this.#acknowledged] : [this.#acknowledged, this.#inDoubt];
    return first.shift() ?? second.shift();
  }
}
