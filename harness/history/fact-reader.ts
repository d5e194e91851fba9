// Reads lines of calls and stored messages, which come by the million, from bytes into the columns of a table. It makes
// no object and no string. The codec reads every line that is not plain: an escape, an unknown field, a number with a
// fraction.

import { appendWord, callTypes, type CallRow, type EventTable, none } from "./event-table.ts";
import type { Bytes, StringInterner } from "./string-interner.ts";

const [newline, quote, comma, open, close] = [0x0a, 0x22, 0x2c, 0x7b, 0x7d];
const [zero, nine] = [0x30, 0x39];
/** A number of fifteen digits is exact. */
const digitsMax = 15;
const countMax = 0x7fffffff;

/** In the order in which a recorder writes them: the reader expects the next of this list first. */
const fields = ["t", "type", "op", "process", "f", "messageId", "digest", "offset", "count", "node", "error"] as const;
type Field = (typeof fields)[number];
const [tField, typeField, opField, processField, fField, idField] = [0, 1, 2, 3, 4, 5];
const [digestField, offsetField, countField, nodeField, errorField] = [6, 7, 8, 9, 10];
const fieldPatterns = fields.map((field) => patternOf(`"${field}":`));
const storedType = callTypes.length;
const typePatterns = [...callTypes, "stored"].map((type) => patternOf(`"${type}"`));
const maskOf = (...names: Field[]) => names.reduce((mask, name) => mask | (1 << fields.indexOf(name)), 0);
const callNeeds = maskOf("t", "type", "op", "process", "f");
const storedNeeds = maskOf("t", "type", "offset", "messageId", "digest");

export class FactReader {
  readonly #table: EventTable;
  readonly #row: CallRow = emptyRow();
  /** Position of the scan. */
  #at = 0;
  /**
   * Texts that usually come next, so that one comparison is enough: the last id of each process, the digest of each id.
   */
  readonly #idOf: number[] = [];
  readonly #digestOf: number[] = [];
  #lastStored = none;
  #lastNode = none;
  #lastError = none;

  constructor(table: EventTable) {
    this.#table = table;
  }

  /**
   * Reads the line that begins at `start` into the table, up to its newline. `isWhole`: `bytes` end with the line.
   *
   * @returns the position of its newline, or -1: the line is not plain, and the table did not change.
   */
  read(bytes: Bytes, start: number, isWhole = false): number {
    this.#at = start;
    if (this.#byte(bytes) !== open) return -1;
    this.#clear();
    let seen = 0;
    let field = none;
    do {
      this.#at += 1;
      field = this.#fieldAfter(field, bytes);
      if (field === none || !this.#value(field, bytes)) return -1;
      seen |= 1 << field;
    } while (this.#byte(bytes) === comma);
    if (this.#byte(bytes) !== close) return -1;
    this.#at += 1;
    const isEnd = this.#byte(bytes) === (isWhole ? none : newline);
    return isEnd && this.#take(seen) ? this.#at : -1;
  }

  /** The byte at the scan, `none` past the end. */
  #byte(bytes: Bytes): number {
    return this.#at < bytes.length ? bytes.view.getUint8(this.#at) : none;
  }

  #take(seen: number): boolean {
    const row = this.#row;
    if (row.type === storedType) {
      if (seen !== storedNeeds) return false;
      this.#lastStored = row.id;
      this.#table.addStored(row.t, row);
      return true;
    }
    if ((seen & callNeeds) !== callNeeds) return false;
    this.#idOf[row.process] = row.id;
    this.#table.addCall(row);
    return true;
  }

  /** Reads the name of a field; the scan then stands at its value. */
  #fieldAfter(last: number, bytes: Bytes): number {
    for (let tried = 1; tried <= fields.length; tried += 1) {
      const field = last + tried < fields.length ? last + tried : last + tried - fields.length;
      const pattern = fieldPatterns[field]!;
      if (!isAt(bytes, this.#at, pattern)) continue;
      this.#at += pattern.length;
      return field;
    }
    return none;
  }

  #value(field: number, bytes: Bytes): boolean {
    const row = this.#row;
    const { words, ids, digests } = this.#table;
    switch (field) {
      case tField:
        return (row.t = this.#number(bytes)) >= 0;
      case typeField:
        return (row.type = this.#type(bytes)) !== none;
      case opField:
        return (row.op = this.#number(bytes)) >= 0;
      case processField:
        return (row.process = this.#text(bytes, words, none)) !== none;
      case fField:
        return (row.f = this.#text(bytes, words, appendWord)) !== none;
      case idField:
        return (row.id = this.#text(bytes, ids, this.#expectedId())) !== none;
      case digestField:
        row.digest = this.#text(bytes, digests, row.id === none ? none : (this.#digestOf[row.id] ?? none));
        if (row.id !== none) this.#digestOf[row.id] ??= row.digest;
        return row.digest !== none;
      case offsetField:
        return (row.offset = this.#number(bytes)) >= 0;
      case countField:
        row.count = this.#number(bytes);
        return row.count >= 0 && row.count <= countMax;
      case nodeField:
        return (row.node = this.#lastNode = this.#text(bytes, words, this.#lastNode)) !== none;
      case errorField:
        return (row.error = this.#lastError = this.#text(bytes, words, this.#lastError)) !== none;
      default:
        return false;
    }
  }

  /**
   * An outcome has the id that its process sent last. Messages are read back in about the order in which they were
   * sent.
   */
  #expectedId(): number {
    const { type, process } = this.#row;
    if (type === storedType) return this.#lastStored + 1 < this.#table.ids.count ? this.#lastStored + 1 : none;
    return type > 0 && process !== none ? (this.#idOf[process] ?? none) : none;
  }

  #type(bytes: Bytes): number {
    for (let type = 0; type < typePatterns.length; type += 1) {
      if (!isAt(bytes, this.#at, typePatterns[type]!)) continue;
      this.#at += typePatterns[type]!.length;
      return type;
    }
    return none;
  }

  /** Reads a quoted text and gives its number; `none` when it is not plain. */
  #text(bytes: Bytes, interner: StringInterner, expected: number): number {
    if (this.#byte(bytes) !== quote) return none;
    const start = this.#at + 1;
    const isExpected = expected !== none && interner.isQuotedAt(expected, bytes, start);
    const number = isExpected ? expected : interner.numberOfQuoted(bytes, start);
    if (number !== none) this.#at = interner.end + 1;
    return number;
  }

  /** Reads a whole number that is not negative; -1 for anything else. */
  #number(bytes: Bytes): number {
    const { view, length } = bytes;
    const start = this.#at;
    let value = 0;
    let at = start;
    for (; at < length; at += 1) {
      const byte = view.getUint8(at);
      if (byte < zero || byte > nine) break;
      value = value * 10 + (byte - zero);
    }
    const digits = at - start;
    if (digits === 0 || digits > digitsMax || (digits > 1 && view.getUint8(start) === zero)) return -1;
    this.#at = at;
    return value;
  }

  #clear(): void {
    const row = this.#row;
    row.type = row.process = row.id = row.digest = row.count = row.node = row.error = none;
    row.offset = Number.NaN;
  }
}

function emptyRow(): CallRow {
  const absent = { process: none, f: none, type: none, id: none, digest: none, count: none, node: none, error: none };
  return { t: 0, op: 0, offset: Number.NaN, ...absent };
}

/** A fixed text to compare with: words of four bytes, and the rest. */
interface Pattern {
  words: Int32Array;
  rest: Uint8Array;
  length: number;
}

function patternOf(text: string): Pattern {
  const bytes = Buffer.from(text);
  const words = Int32Array.from({ length: bytes.length >> 2 }, (_, place) => bytes.readInt32LE(4 * place));
  return { words, rest: Uint8Array.from(bytes.subarray(4 * words.length)), length: bytes.length };
}

function isAt(bytes: Bytes, start: number, { words, rest, length }: Pattern): boolean {
  if (start + length > bytes.length) return false;
  const { view } = bytes;
  for (let place = 0; place < words.length; place += 1)
    if (view.getInt32(start + 4 * place, true) !== words[place]) return false;
  for (let place = 0, at = start + 4 * words.length; place < rest.length; place += 1, at += 1)
    if (view.getUint8(at) !== rest[place]) return false;
  return true;
}
