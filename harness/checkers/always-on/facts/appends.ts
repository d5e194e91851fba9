// The promises of AppendFact, compared with the audit and with each other. An acknowledged fact is in the stream,
// unaltered, at the offset answered. Offsets are unique and grow in real time. A message id that is sent again keeps
// its offset. One pass over the calls. A time-out proves nothing: the call may have taken effect. What carries another
// payload under a known id, and what an earlier load had acknowledged, is counted apart: repeats.ts judges it.

import { Column, orderOf } from "#history/columns.ts";
import { appendWord, callTypes, none } from "#history/event-table.ts";
import type { HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import type { NodeName } from "#spec/node.ts";
import { AcknowledgedFacts } from "./acknowledged.ts";
import type { Audit } from "./audit.ts";
import { isApart } from "./repeats.ts";
import { Tally } from "./tally.ts";

const [invoke, ok, fail] = ["invoke", "ok", "fail"].map((type) => (callTypes as readonly string[]).indexOf(type));

/** How the attempts to append one fact ended. Bits, because there may be several attempts. */
const [endedOk, endedFail, endedInfo, unverifiable] = [1, 2, 4, 8];

export class Appends {
  acknowledged = 0;
  /** Further acknowledgements of an acknowledged fact. */
  repeated = 0;
  unverifiable = 0;
  /** Facts without an acknowledgement, by outcome and by whether the stream holds them. */
  infoStored = 0;
  infoAbsent = 0;
  failStored = 0;
  readonly lost = new Tally();
  readonly lostBy: Partial<Record<NodeName, number>> = {};
  readonly lostAt = { lostPrefix: 0, lostMiddle: 0, lostTail: 0 } satisfies Figures;
  readonly altered = new Tally();
  /** At another offset than the one answered. */
  readonly moved = new Tally();
  /** Sent again with the same message id, and answered with another offset. */
  readonly answeredTwice = new Tally();
  /** Two facts acknowledged at one offset. */
  readonly shared = new Tally();
  /** Sent after another fact was acknowledged, and stored at or before the offset of that fact. */
  readonly reordered = new Tally();
  readonly #view: HistoryView;
  readonly #audit: Audit;
  readonly #clock = new Watermark();
  /** By number of message id. */
  readonly #ends: Uint8Array;
  readonly #floors: Float64Array;
  readonly #offsets: Float64Array;
  readonly #answers: Int32Array;
  /** Of the first call with that id. */
  readonly #digests: Int32Array;

  constructor(view: HistoryView, audit: Audit) {
    const ids = view.table.ids.count;
    this.#view = view;
    this.#audit = audit;
    this.#ends = new Uint8Array(ids);
    this.#floors = new Float64Array(ids).fill(Number.NaN);
    this.#offsets = new Float64Array(ids).fill(Number.NaN);
    this.#answers = new Int32Array(ids).fill(none);
    this.#digests = new Int32Array(ids).fill(none);
    this.#walk();
    this.#findShared();
    for (let id = 0; id < ids; id += 1) this.#sum(id);
  }

  #walk(): void {
    const { table, operations, operationOf } = this.#view;
    const { calls } = table;
    for (let index = 0; index < table.length; index += 1) {
      if (table.kindAt(index) !== "call") continue;
      const row = table.placeAt(index);
      if (calls.f[row]! !== appendWord) continue;
      const place = operationOf[row]!;
      const id = place === none ? none : operations.idOf(place);
      if (id === none) continue;
      const type = calls.type[row]!;
      if (isApart(this.#view, place, this.#digests)) continue;
      if (type === invoke) this.#sent(id, table.tAt(index));
      else if (type === ok) this.#acknowledged(id, { row, place, index });
      else this.#ends[id]! |= type === fail ? endedFail : endedInfo;
    }
    for (let place = 0; place < operations.length; place += 1)
      if (operations.ended.at(place) === none && calls.f[operations.invoked.at(place)]! === appendWord)
        if (!isApart(this.#view, place, this.#digests)) this.#leftOpen(operations.idOf(place));
  }

  /** What was acknowledged, by offset. */
  get byOffset(): AcknowledgedFacts {
    return new AcknowledgedFacts(this.#answered());
  }

  *#answered(): Generator<{ offset: number; ns: number; digest: number }> {
    for (let id = 0; id < this.#offsets.length; id += 1) {
      const offset = this.#offsets[id]!;
      if (Number.isNaN(offset)) continue;
      yield { offset, ns: this.#view.table.tAt(this.#answers[id]!), digest: this.#digests[id]! };
    }
  }

  #leftOpen(id: number): void {
    if (id !== none) this.#ends[id]! |= endedInfo;
  }

  /** A fact must lie behind every fact that was acknowledged before it was first sent. */
  #sent(id: number, t: number): void {
    if (Number.isNaN(this.#floors[id])) this.#floors[id] = this.#clock.before(t);
  }

  #acknowledged(id: number, at: { row: number; place: number; index: number }): void {
    const { table, operations } = this.#view;
    const offset = table.calls.offset[at.row]!;
    const isRepeat = (this.#ends[id]! & endedOk) !== 0;
    this.#ends[id]! |= endedOk;
    this.#compare(id, operations.digestOf(at.place), { offset, index: at.index });
    if (isRepeat) this.repeated += 1;
    else this.#answers[id] = at.index;
    if (Number.isNaN(offset)) return;
    const known = this.#offsets[id]!;
    if (known !== offset && !Number.isNaN(known))
      this.answeredTwice.add(() => `${table.ids.textOf(id)} at ${known}, then at ${offset}`, at.index);
    if (!Number.isNaN(known)) return;
    this.#offsets[id] = offset;
    const floor = this.#floors[id]!;
    if (offset <= floor)
      this.reordered.add(() => `${table.ids.textOf(id)} at ${offset}, sent after ${floor} was acknowledged`, at.index);
    this.#clock.reach(table.tAt(at.index), offset);
  }

  /** Compares the fact with what the stream holds for its message id. */
  #compare(id: number, digest: number, answer: { offset: number; index: number }): void {
    const row = this.#audit.rowOf[id]!;
    if (digest === none) this.#ends[id]! |= unverifiable;
    if (row === none) return;
    const name = () => this.#view.table.ids.textOf(id);
    if (digest !== none && this.#audit.digestOf(row) !== digest) this.altered.add(name, answer.index);
    if (!Number.isNaN(answer.offset) && this.#audit.offsetOf(row) !== answer.offset) this.moved.add(name, answer.index);
  }

  #findShared(): void {
    const [offsets, ids] = [Column.float64(), Column.int32()];
    for (let id = 0; id < this.#offsets.length; id += 1) {
      if (Number.isNaN(this.#offsets[id])) continue;
      offsets.push(this.#offsets[id]!);
      ids.push(id);
    }
    const order = orderOf(offsets);
    const at = (place: number) => (order ? order[place]! : place);
    const { ids: names } = this.#view.table;
    for (let place = 1; place < offsets.length; place += 1) {
      const [a, b] = [at(place - 1), at(place)];
      if (offsets.at(a) !== offsets.at(b)) continue;
      const [one, other] = [ids.at(a), ids.at(b)];
      const words = () => `${names.textOf(one)} and ${names.textOf(other)} at ${offsets.at(a)}`;
      this.shared.add(words, this.#answers[one]!, this.#answers[other]!);
    }
  }

  /** Counts one fact, by the outcomes of all its attempts. */
  #sum(id: number): void {
    const ends = this.#ends[id]!;
    const isStored = this.#audit.rowOf[id] !== none;
    if ((ends & endedOk) !== 0) {
      this.acknowledged += 1;
      if (!isStored) this.#lose(id);
      else if ((ends & unverifiable) !== 0) this.unverifiable += 1;
    } else if ((ends & endedInfo) !== 0) this[isStored ? "infoStored" : "infoAbsent"] += 1;
    else if ((ends & endedFail) !== 0 && isStored) this.failStored += 1;
  }

  #lose(id: number): void {
    const { table } = this.#view;
    const index = this.#answers[id]!;
    this.lost.add(() => table.ids.textOf(id), index);
    const node = table.calls.node[table.placeAt(index)]!;
    if (node !== none) {
      const name = table.words.textOf(node) as NodeName;
      this.lostBy[name] = (this.lostBy[name] ?? 0) + 1;
    }
    const answered = this.#offsets[id]!;
    const offset = Number.isNaN(answered) ? 0 : answered;
    if (offset < this.#audit.firstOffset) this.lostAt.lostPrefix += 1;
    else if (offset > this.#audit.lastOffset) this.lostAt.lostTail += 1;
    else this.lostAt.lostMiddle += 1;
  }
}

/** The highest offset acknowledged strictly before an instant. Events of the same instant have no order. */
class Watermark {
  #t = -Infinity;
  #settled = -Infinity;
  #newest = -Infinity;

  before(t: number): number {
    this.#settle(t);
    return this.#settled;
  }

  /** Call it in order of time. */
  reach(t: number, offset: number): void {
    this.#settle(t);
    this.#newest = Math.max(this.#newest, offset);
  }

  #settle(t: number): void {
    if (t <= this.#t) return;
    this.#t = t;
    this.#settled = Math.max(this.#settled, this.#newest);
  }
}
