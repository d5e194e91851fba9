// What the stream holds, as it was read back: by message id and by offset. One pass over the stored messages.

import { Column, orderOf } from "#history/columns.ts";
import { none } from "#history/event-table.ts";
import type { HistoryView } from "#history/view.ts";
import { Tally } from "./tally.ts";

export class Audit {
  /** By number of the message id: the row of its first copy among the stored messages, or `none`. */
  readonly rowOf: Int32Array;
  /** Message ids found at two offsets. */
  readonly duplicates = new Tally();
  /** Offsets where two readings found different messages. */
  readonly clashes = new Tally();
  /** Distinct offsets, ascending, and the row of each. */
  readonly #offsets: Column<Float64Array>;
  readonly #rows: Column<Int32Array>;
  readonly #view: HistoryView;

  constructor(view: HistoryView) {
    this.#view = view;
    const { table } = view;
    this.rowOf = new Int32Array(table.ids.count).fill(none);
    const offsets = Column.float64();
    const rows = Column.int32();
    for (let index = auditIndex(view); index < table.length; index += 1) {
      if (table.kindAt(index) !== "stored") continue;
      const row = table.placeAt(index);
      offsets.push(table.stored.offset.at(row));
      rows.push(row);
      this.#note(row, index);
    }
    [this.#offsets, this.#rows] = this.#distinct(offsets, rows);
  }

  /** Number of messages in the stream: the offsets that were read. */
  get messages(): number {
    return this.#offsets.length;
  }

  get firstOffset(): number {
    return this.messages === 0 ? Infinity : this.#offsets.at(0);
  }

  get lastOffset(): number {
    return this.messages === 0 ? -Infinity : this.#offsets.at(this.messages - 1);
  }

  offsetOf(row: number): number {
    return this.#view.table.stored.offset.at(row);
  }

  digestOf(row: number): number {
    return this.#view.table.stored.digest.at(row);
  }

  /** The row at that offset; `none` when nothing was read there. */
  rowAt(offset: number): number {
    const place = this.countUpTo(offset) - 1;
    return place >= 0 && this.#offsets.at(place) === offset ? this.#rows.at(place) : none;
  }

  /** Number of messages up to this offset, inclusive. */
  countUpTo(offset: number): number {
    let low = 0;
    let high = this.messages;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsets.at(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first offset that holds a message after this one. */
  nextAfter(offset: number): number {
    const place = this.countUpTo(offset);
    return place < this.messages ? this.#offsets.at(place) : Infinity;
  }

  /** Several servers may be read. The same message at the same offset is one message. */
  #note(row: number, index: number): void {
    const { stored, ids } = this.#view.table;
    const id = stored.id.at(row);
    const first = this.rowOf[id]!;
    if (first === none) this.rowOf[id] = row;
    else if (stored.offset.at(first) !== stored.offset.at(row)) this.duplicates.add(() => ids.textOf(id), index);
  }

  #distinct(offsets: Column<Float64Array>, rows: Column<Int32Array>): [Column<Float64Array>, Column<Int32Array>] {
    const order = orderOf(offsets);
    const [kept, keptRows] = [Column.float64(), Column.int32()];
    const { id, digest } = this.#view.table.stored;
    for (let place = 0; place < offsets.length; place += 1) {
      const at = order ? order[place]! : place;
      const [offset, row] = [offsets.at(at), rows.at(at)];
      const last = keptRows.length === 0 ? none : keptRows.at(keptRows.length - 1);
      if (last === none || this.offsetOf(last) !== offset) {
        kept.push(offset);
        keptRows.push(row);
      } else if (id.at(last) !== id.at(row) || digest.at(last) !== digest.at(row))
        this.clashes.add(() => `offset ${offset}`);
    }
    return [kept, keptRows];
  }
}

/** Where the final audit begins. Facts that were read back earlier may have been lost since. */
function auditIndex(view: HistoryView): number {
  const before = view.marks.filter(({ event }) => event.mark === "read-back" || event.mark === "load-stopped");
  return before.at(-1)?.index ?? 0;
}
