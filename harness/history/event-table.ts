// The events of a history in order of time. Calls and stored messages come by the million: they are columns, and become
// objects only on request.

import { Column, orderOf, twice } from "./columns.ts";
import type { At, Events, HistoryEvent, OperationEvent, StoredEvent } from "./event.ts";
import { StringInterner } from "./string-interner.ts";

export const callTypes = ["invoke", "ok", "fail", "info"] as const;
/** These words have the same number in every table. */
export const words = ["append", "fetch", "confirm", "put", "get", "health", "alpha", "beta", "gamma"] as const;
export const appendWord = 0;
export const fetchWord = 1;
export const confirmWord = 2;

/** An absent text or count. */
export const none = -1;

/** An event of a call as numbers. A text is its number in `ids`, `digests` or `words`; `none` when absent. */
export interface CallRow {
  t: number;
  /** Index in `callTypes`. */
  type: number;
  op: number;
  process: number;
  f: number;
  id: number;
  digest: number;
  /** NaN when absent. */
  offset: number;
  count: number;
  node: number;
  error: number;
}

export type RowKind = "call" | "stored" | "other";
const rowKinds: readonly RowKind[] = ["other", "call", "stored"];
const kindBits = 2;
const firstRows = 1_024;
const [otherKind, callKind, storedKind] = [0, 1, 2];

export class EventTable implements Events {
  readonly ids = new StringInterner();
  readonly digests = new StringInterner();
  readonly words = new StringInterner();
  readonly calls = new CallColumns();
  readonly stored = { offset: Column.float64(), id: Column.int32(), digest: Column.int32() };
  readonly #t = Column.float64();
  /** Index in `calls`, `stored` or `#others`, shifted left by the bits of the kind. */
  readonly #rows = Column.int32();
  readonly #others: HistoryEvent[] = [];
  readonly #wordNumbers = new Map<string, number>();
  #order: Uint32Array | undefined;
  #othersOf: Map<string, At<HistoryEvent>[]> | undefined;

  constructor() {
    for (const word of words) this.words.numberOfText(word);
  }

  /** A table of events that are objects, in order of time. */
  static of(events: Events): EventTable {
    if (events instanceof EventTable) return events;
    const table = new EventTable();
    for (const event of events) table.add(event);
    return table.seal();
  }

  get length(): number {
    return this.#t.length;
  }

  /** Any event. A call with fields that a row cannot hold is also kept as an object. */
  add(event: HistoryEvent): void {
    if (event.type === "stored") return this.#addStoredEvent(event);
    if (event.type !== "invoke" && event.type !== "ok" && event.type !== "fail" && event.type !== "info")
      return this.#push(event.t, otherKind, this.#others.push(event) - 1);
    this.addCall(this.#rowOf(event), Object.keys(event).every(isInRow) ? none : this.#others.push(event) - 1);
  }

  addCall(row: CallRow, whole: number = none): void {
    this.#push(row.t, callKind, this.calls.push(row, whole));
  }

  addStored(t: number, message: { offset: number; id: number; digest: number }): void {
    this.#push(t, storedKind, this.stored.offset.length);
    this.stored.offset.push(message.offset);
    this.stored.id.push(message.id);
    this.stored.digest.push(message.digest);
  }

  /** Sorts the events by time. Nothing may be added afterwards. */
  seal(): this {
    this.#order = orderOf(this.#t);
    return this;
  }

  /** As for an array: -1 is the last event. */
  at(wanted: number): HistoryEvent | undefined {
    const index = wanted < 0 ? this.length + wanted : wanted;
    if (index < 0 || index >= this.length) return undefined;
    const place = this.placeAt(index);
    const kind = this.kindAt(index);
    if (kind === "other") return this.#others[place];
    return kind === "call" ? this.#callEvent(index, place) : this.#storedEvent(index, place);
  }

  *[Symbol.iterator](): Iterator<HistoryEvent> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index)!;
  }

  tAt(index: number): number {
    return this.#t.at(this.#rowAt(index));
  }

  kindAt(index: number): RowKind {
    return rowKinds[this.#rows.at(this.#rowAt(index)) & ((1 << kindBits) - 1)]!;
  }

  /** Row of that event in the columns of its kind. */
  placeAt(index: number): number {
    return this.#rows.at(this.#rowAt(index)) >> kindBits;
  }

  /** Events of a type that has no columns, in order. */
  othersOf(type: string): readonly At<HistoryEvent>[] {
    this.#othersOf ??= this.#groupOthers();
    return this.#othersOf.get(type) ?? [];
  }

  /** The call as an object, when its row cannot hold all of it. */
  wholeCall(place: number): OperationEvent | undefined {
    return this.#others[this.calls.whole[place]!] as OperationEvent | undefined;
  }

  #groupOthers(): Map<string, At<HistoryEvent>[]> {
    const groups = new Map<string, At<HistoryEvent>[]>();
    for (let index = 0; index < this.length; index += 1) {
      if (this.kindAt(index) !== "other") continue;
      const event = this.#others[this.placeAt(index)]!;
      const group = groups.get(event.type);
      if (group) group.push({ event, index });
      else groups.set(event.type, [{ event, index }]);
    }
    return groups;
  }

  #push(t: number, kind: number, place: number): void {
    this.#t.push(t);
    this.#rows.push((place << kindBits) | kind);
  }

  #rowAt(index: number): number {
    return this.#order ? this.#order[index]! : index;
  }

  #rowOf(event: OperationEvent): CallRow {
    const word = (text: string | undefined) => (text === undefined ? none : this.#wordNumber(text));
    return {
      t: event.t,
      type: callTypes.indexOf(event.type),
      op: event.op,
      process: word(event.process),
      f: word(event.f),
      id: event.messageId === undefined ? none : this.ids.numberOfText(event.messageId),
      digest: event.digest === undefined ? none : this.digests.numberOfText(event.digest),
      offset: event.offset ?? Number.NaN,
      count: event.count ?? none,
      node: word(event.node),
      error: word(event.error),
    };
  }

  /** Words of events that are objects are few and come again with each call. */
  #wordNumber(text: string): number {
    const known = this.#wordNumbers.get(text);
    if (known !== undefined) return known;
    const number = this.words.numberOfText(text);
    this.#wordNumbers.set(text, number);
    return number;
  }

  #addStoredEvent(event: StoredEvent): void {
    const id = this.ids.numberOfText(event.messageId);
    this.addStored(event.t, { offset: event.offset, id, digest: this.digests.numberOfText(event.digest) });
  }

  #callEvent(index: number, place: number): OperationEvent {
    const whole = this.wholeCall(place);
    if (whole) return whole;
    const { type, op, process, f, id, digest, offset, count, node, error } = this.calls.row(place);
    return {
      t: this.tAt(index),
      type: callTypes[type]!,
      op,
      process: this.words.textOf(process),
      f: this.words.textOf(f) as OperationEvent["f"],
      ...(id === none ? {} : { messageId: this.ids.textOf(id) }),
      ...(digest === none ? {} : { digest: this.digests.textOf(digest) }),
      ...(Number.isNaN(offset) ? {} : { offset }),
      ...(count === none ? {} : { count }),
      ...(node === none ? {} : { node: this.words.textOf(node) as NonNullable<OperationEvent["node"]> }),
      ...(error === none ? {} : { error: this.words.textOf(error) }),
    };
  }

  #storedEvent(index: number, place: number): StoredEvent {
    return {
      t: this.tAt(index),
      type: "stored",
      offset: this.stored.offset.at(place),
      messageId: this.ids.textOf(this.stored.id.at(place)),
      digest: this.digests.textOf(this.stored.digest.at(place)),
    };
  }
}

/** Events of calls, one a row. All columns grow together, so that a push checks one length. */
class CallColumns {
  type = new Uint8Array(firstRows);
  op = new Float64Array(firstRows);
  process = new Int32Array(firstRows);
  f = new Int32Array(firstRows);
  id = new Int32Array(firstRows);
  digest = new Int32Array(firstRows);
  offset = new Float64Array(firstRows);
  count = new Int32Array(firstRows);
  node = new Int32Array(firstRows);
  error = new Int32Array(firstRows);
  /** Index of the call as an object, when its row cannot hold all of it; else `none`. */
  whole = new Int32Array(firstRows);
  length = 0;

  push(row: CallRow, whole: number): number {
    const place = this.length;
    if (place === this.op.length) this.#grow();
    this.type[place] = row.type;
    this.op[place] = row.op;
    this.process[place] = row.process;
    this.f[place] = row.f;
    this.id[place] = row.id;
    this.digest[place] = row.digest;
    this.offset[place] = row.offset;
    this.count[place] = row.count;
    this.node[place] = row.node;
    this.error[place] = row.error;
    this.whole[place] = whole;
    this.length += 1;
    return place;
  }

  row(place: number): Omit<CallRow, "t"> {
    return {
      type: this.type[place]!,
      op: this.op[place]!,
      process: this.process[place]!,
      f: this.f[place]!,
      id: this.id[place]!,
      digest: this.digest[place]!,
      offset: this.offset[place]!,
      count: this.count[place]!,
      node: this.node[place]!,
      error: this.error[place]!,
    };
  }

  #grow(): void {
    this.type = twice(this.type, (size) => new Uint8Array(size));
    for (const name of ["op", "offset"] as const) this[name] = twice(this[name], (size) => new Float64Array(size));
    for (const name of ["process", "f", "id", "digest", "count", "node", "error", "whole"] as const)
      this[name] = twice(this[name], (size) => new Int32Array(size));
  }
}

const rowFields = new Set("t type op process f messageId digest offset count node error".split(" "));

function isInRow(field: string): boolean {
  return rowFields.has(field);
}
