// The facts that this load had acknowledged, by their offset.

import { Column, orderOf } from "#history/columns.ts";
import { none } from "#history/event-table.ts";

/** A fact that was acknowledged: where, when for the first time, and the number of the digest that was sent. */
interface AcknowledgedFact {
  offset: number;
  ns: number;
  digest: number;
}

export class AcknowledgedFacts {
  readonly #offsets: Float64Array;
  readonly #ns: Float64Array;
  readonly #digests: Int32Array;

  constructor(facts: Iterable<AcknowledgedFact>) {
    const columns = { offset: Column.float64(), ns: Column.float64(), digest: Column.int32() };
    for (const { offset, ns, digest } of facts) {
      columns.offset.push(offset);
      columns.ns.push(ns);
      columns.digest.push(digest);
    }
    const { length } = columns.offset;
    const order = orderOf(columns.offset);
    const at = (place: number) => (order ? order[place]! : place);
    this.#offsets = Float64Array.from({ length }, (_, place) => columns.offset.at(at(place)));
    this.#ns = Float64Array.from({ length }, (_, place) => columns.ns.at(at(place)));
    this.#digests = Int32Array.from({ length }, (_, place) => columns.digest.at(at(place)));
  }

  get count(): number {
    return this.#offsets.length;
  }

  /** Number of facts up to this offset, inclusive. */
  countUpTo(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsets[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  firstAfter(offset: number): { offset: number; ns: number } | undefined {
    const place = this.countUpTo(offset);
    return place < this.count ? { offset: this.#offsets[place]!, ns: this.#ns[place]! } : undefined;
  }

  has(offset: number): boolean {
    const place = this.countUpTo(offset) - 1;
    return place >= 0 && this.#offsets[place] === offset;
  }

  /** `none` where no fact was acknowledged. */
  digestAt(offset: number): number {
    const place = this.countUpTo(offset) - 1;
    return place >= 0 && this.#offsets[place] === offset ? this.#digests[place]! : none;
  }
}
