// A wrong of one kind, counted: how many, what the first was, and the events of a few. It says nothing of verdicts.

const eventsMax = 5;

export class Tally {
  count = 0;
  /** In words, of the first one. */
  first = "";
  readonly events: number[] = [];

  /** @param words are asked for once only: a million wrongs must not make a million sentences. */
  add(words: () => string, ...events: number[]): void {
    if (this.count === 0) this.first = words();
    this.count += 1;
    if (this.events.length < eventsMax) this.events.push(...events.slice(0, eventsMax - this.events.length));
  }
}
