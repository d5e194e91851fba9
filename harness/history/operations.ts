// Client calls as intervals: each invocation paired with its outcome, in one pass. An event that does not pair is a
// defect of the history.

import type { NodeName } from "#spec/node.ts";
import { Column } from "./columns.ts";
import type { Events, OperationName } from "./event.ts";
import { callTypes, EventTable, none } from "./event-table.ts";

/** One call. It reads the columns on request, so that a million calls cost nothing until they are used. */
export class Operation {
  readonly #of: Operations;
  readonly #place: number;

  constructor(of: Operations, place: number) {
    this.#of = of;
    this.#place = place;
  }

  get op(): number {
    return this.#of.table.calls.op[this.#invoked]!;
  }

  get process(): string {
    return this.#of.wordOf(this.#of.table.calls.process[this.#invoked]!);
  }

  get f(): OperationName {
    return this.#of.wordOf(this.#of.table.calls.f[this.#invoked]!) as OperationName;
  }

  get invokeNs(): number {
    return this.#of.table.tAt(this.#of.invokeIndex.at(this.#place));
  }

  /** Infinity when the outcome never came. */
  get endNs(): number {
    return this.#isOpen ? Infinity : this.#of.table.tAt(this.index);
  }

  /** `open`: the outcome never came. Like `info`, the call may have taken effect. */
  get outcome(): "ok" | "fail" | "info" | "open" {
    if (this.#isOpen) return "open";
    return callTypes[this.#of.table.calls.type[this.#ended]!] as "ok" | "fail" | "info";
  }

  get messageId(): string | undefined {
    const number = this.#of.idOf(this.#place);
    return number === none ? undefined : this.#of.table.ids.textOf(number);
  }

  get digest(): string | undefined {
    const number = this.#of.digestOf(this.#place);
    return number === none ? undefined : this.#of.table.digests.textOf(number);
  }

  /** put, get, and an append that names an artifact: its bucket/key. */
  get key(): string | undefined {
    const { table } = this.#of;
    return (this.#isOpen ? undefined : table.wholeCall(this.#ended)?.key) ?? table.wholeCall(this.#invoked)?.key;
  }

  /** Of the outcome. */
  get offset(): number | undefined {
    const offset = this.#isOpen ? Number.NaN : this.#of.table.calls.offset[this.#ended]!;
    return Number.isNaN(offset) ? undefined : offset;
  }

  /** An append that repeats a fact of the zone's former scenario: the offset that the fact has. */
  get firstOffset(): number | undefined {
    return this.#of.table.wholeCall(this.#invoked)?.firstOffset;
  }

  /** ok: the node that answered. */
  get node(): NodeName | undefined {
    return this.#outcomeWord(this.#of.table.calls.node) as NodeName | undefined;
  }

  get error(): string | undefined {
    return this.#outcomeWord(this.#of.table.calls.error);
  }

  /** Index of the outcome in the history; of the invocation when the outcome never came. */
  get index(): number {
    return this.#of.index.at(this.#place);
  }

  /** Index of the invocation in the history. */
  get invokeIndex(): number {
    return this.#of.invokeIndex.at(this.#place);
  }

  #outcomeWord(column: Int32Array): string | undefined {
    const number = this.#isOpen ? none : column[this.#ended]!;
    return number === none ? undefined : this.#of.wordOf(number);
  }

  get #invoked(): number {
    return this.#of.invoked.at(this.#place);
  }

  get #ended(): number {
    return this.#of.ended.at(this.#place);
  }

  get #isOpen(): boolean {
    return this.#ended === none;
  }
}

/** Operations in order of invocation. */
export class Operations implements Iterable<Operation> {
  readonly table: EventTable;
  /** Rows of the invocation and of the outcome in the table's calls; `none` when the outcome never came. */
  readonly invoked = Column.int32();
  readonly ended = Column.int32();
  readonly invokeIndex = Column.int32();
  readonly index = Column.int32();
  readonly #words: string[] = [];

  constructor(table: EventTable) {
    this.table = table;
  }

  get length(): number {
    return this.invoked.length;
  }

  at(place: number): Operation | undefined {
    return place >= 0 && place < this.length ? new Operation(this, place) : undefined;
  }

  *[Symbol.iterator](): Iterator<Operation> {
    for (let place = 0; place < this.length; place += 1) yield new Operation(this, place);
  }

  filter(isWanted: (operation: Operation) => boolean): Operation[] {
    const found: Operation[] = [];
    for (const operation of this) if (isWanted(operation)) found.push(operation);
    return found;
  }

  find(isWanted: (operation: Operation) => boolean): Operation | undefined {
    for (const operation of this) if (isWanted(operation)) return operation;
    return undefined;
  }

  some(isWanted: (operation: Operation) => boolean): boolean {
    return this.find(isWanted) !== undefined;
  }

  /** Number of the message id in the outcome, else in the invocation. */
  idOf(place: number): number {
    return this.#ofOutcome(place, this.table.calls.id);
  }

  digestOf(place: number): number {
    return this.#ofOutcome(place, this.table.calls.digest);
  }

  /** Cached: words are few and are read often. */
  wordOf(number: number): string {
    return (this.#words[number] ??= this.table.words.textOf(number));
  }

  #ofOutcome(place: number, column: Int32Array): number {
    const row = this.ended.at(place);
    const own = row === none ? none : column[row]!;
    return own === none ? column[this.invoked.at(place)]! : own;
  }
}

export interface Pairing {
  operations: Operations;
  /** By row of the table's calls: its operation; `none` for an outcome without an invocation. */
  operationOf: Int32Array;
  /**
   * Outcomes without an invocation, numbers used twice, processes with two open operations: sentences for the first 10.
   */
  defects: string[];
}

const defectsMax = 10;

export function pairOperations(events: Events): Pairing {
  const table = EventTable.of(events);
  const pairer = new Pairer(table);
  for (let index = 0; index < table.length; index += 1)
    if (table.kindAt(index) === "call") pairer.take(table.placeAt(index), index);
  return pairer;
}

class Pairer implements Pairing {
  readonly operations: Operations;
  readonly operationOf: Int32Array;
  readonly defects: string[] = [];
  readonly #table: EventTable;
  readonly #byOp: PlaceByNumber;
  /** By process. */
  readonly #open: number[] = [];

  constructor(table: EventTable) {
    this.#table = table;
    this.operations = new Operations(table);
    this.operationOf = new Int32Array(table.calls.length).fill(none);
    this.#byOp = new PlaceByNumber(table.calls.length, (place) => table.calls.op[this.operations.invoked.at(place)]!);
  }

  take(row: number, index: number): void {
    if (this.#table.calls.type[row] === 0) this.#invoke(row, index);
    else this.#end(row, index);
  }

  #invoke(row: number, index: number): void {
    const { calls, words } = this.#table;
    const [op, process] = [calls.op[row]!, calls.process[row]!];
    const { operations } = this;
    const place = operations.length;
    operations.invoked.push(row);
    operations.ended.push(none);
    operations.invokeIndex.push(index);
    operations.index.push(index);
    this.operationOf[row] = place;
    if (!this.#byOp.set(op, place)) this.#note(`operation ${op} was invoked twice`);
    if ((this.#open[process] ?? none) !== none) this.#note(`process ${words.textOf(process)} had two open operations`);
    this.#open[process] = place;
  }

  #end(row: number, index: number): void {
    const { calls } = this.#table;
    const { operations } = this;
    const [op, process] = [calls.op[row]!, calls.process[row]!];
    const open = this.#open[process] ?? none;
    const isOfProcess = open !== none && calls.op[operations.invoked.at(open)] === op;
    const place = isOfProcess ? open : this.#byOp.get(op);
    if (place === none || operations.ended.at(place) !== none)
      return this.#note(`operation ${op} has an outcome and no open invocation`);
    operations.ended.set(place, row);
    operations.index.set(place, index);
    this.operationOf[row] = place;
    if (isOfProcess) this.#open[process] = none;
  }

  #note(defect: string): void {
    if (this.defects.length < defectsMax) this.defects.push(defect);
  }
}

/** Places by operation number. A Map of a million numbers takes several times as long. */
class PlaceByNumber {
  readonly #numberAt: (place: number) => number;
  /** Place plus one; 0 is a free slot. At most half full. */
  readonly #slots: Int32Array;

  constructor(most: number, numberAt: (place: number) => number) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * most + 2)));
    this.#numberAt = numberAt;
  }

  /** -1 when no place has that number. */
  get(number: number): number {
    return this.#slots[this.#slotOf(number)]! - 1;
  }

  /** Replaces an earlier place of that number. @returns false when there was one. */
  set(number: number, place: number): boolean {
    const slot = this.#slotOf(number);
    const isNew = this.#slots[slot] === 0;
    this.#slots[slot] = place + 1;
    return isNew;
  }

  #slotOf(number: number): number {
    const mask = this.#slots.length - 1;
    // Numbers are consecutive. Spread them, so that the ranges of two clients do not collide.
    let slot = (Math.imul(number, 0x9e3779b1) >>> 4) & mask;
    while (this.#slots[slot] !== 0 && this.#numberAt(this.#slots[slot]! - 1) !== number) slot = (slot + 1) & mask;
    return slot;
  }
}
