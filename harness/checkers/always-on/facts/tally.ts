// Counts violations of one kind: how many, a sentence for the first, and the events of a few.

const eventsMax = 5;

export class Tally {
  count = 0;
  /** A sentence for the first one. */
  first = "";
  readonly events: number[] = [];

  /** @param words is called for the first violation only: a million of them must not make a million sentences. */
  add(words: () => string, ...events: number[]): void {
    if (this.count === 0) this.first = words();
    this.count += 1;
    if (this.events.length < eventsMax) this.events.push(...events.slice(0, eventsMax - this.events.length));
  }
}
