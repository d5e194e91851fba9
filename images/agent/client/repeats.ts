// Which facts a client sends again under their message id: one call in twenty. An acknowledged fact and one that timed
// out in turns, the eldest that is still remembered first: after a failover those are facts that the former active node
// took.

export const repeatEvery = 20;

/** Facts remembered of each kind: some tenths of a second of load. */
const keptMost = 16;

export class Repeats<T> {
  readonly #acknowledged: T[] = [];
  readonly #inDoubt: T[] = [];
  #calls = 0;
  #repeats = 0;

  /** How the call that carried it ended. What certainly did not happen is not worth a second try. */
  ended(fact: T, type: "ok" | "fail" | "info"): void {
    if (type === "fail") return;
    const kept = type === "ok" ? this.#acknowledged : this.#inDoubt;
    kept.push(fact);
    if (kept.length > keptMost) kept.shift();
  }

  /** Asked once a call: the fact to send again, or undefined for a new one. */
  next(): T | undefined {
    this.#calls += 1;
    if (this.#calls % repeatEvery !== 0) return undefined;
    this.#repeats += 1;
    const [first, second] =
      this.#repeats % 2 === 0 ? [this.#inDoubt, this.#acknowledged] : [this.#acknowledged, this.#inDoubt];
    return first.shift() ?? second.shift();
  }
}
