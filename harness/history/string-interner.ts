// Interned texts: message ids, digests and words, each held once as bytes and known by a number. Two texts have the
// same number only when every byte is equal. Bytes are read four at a time, which gives most of the speed.

const firstSlots = 1_024;
const [quote, backslash, space] = [0x22, 0x5c, 0x20];
const [quotes, backslashes, spaces] = [0x22222222, 0x5c5c5c5c, 0x20202020];
const [ones, highs] = [0x01010101, 0x80808080 | 0];
/** Of FNV-1a. */
const [hashStart, hashPrime] = [0x811c9dc5 | 0, 0x01000193];

/** The length is a field, because a DataView computes it by a call and the scan needs it at every word. */
export interface Bytes {
  view: DataView;
  length: number;
}

export function bytesOf({ buffer, byteOffset, length }: Uint8Array): Bytes {
  return { view: new DataView(buffer, byteOffset, length), length };
}

/** Short texts are encoded in place: a buffer and a view for each of a million texts are slow. */
const scratch = Buffer.alloc(512);
const scratchView = bytesOf(scratch).view;
/** A UTF-16 unit needs three bytes at most. */
const scratchTextMax = Math.floor(scratch.length / 3);

/** Valid until the next call. */
function encoded(text: string): Bytes {
  if (text.length > scratchTextMax) return bytesOf(Buffer.from(text, "utf8"));
  return { view: scratchView, length: scratch.write(text, "utf8") };
}

export class StringInterner {
  #bytes = new DataView(new ArrayBuffer(64 * firstSlots));
  #bytesLength = 64 * firstSlots;
  #starts = new Uint32Array(firstSlots);
  #hashes = new Int32Array(firstSlots);
  /** Number plus one; 0 is a free slot. At most half full. */
  #slots = new Int32Array(2 * firstSlots);
  #count = 0;
  /** End of the text of the last lookup. A field: a result object for each of a million lookups is slow. */
  end = 0;

  /** Numbers run from 0 to `count - 1`. */
  get count(): number {
    return this.#count;
  }

  numberOfText(text: string): number {
    const from = encoded(text);
    const { view, length } = from;
    let hash = hashStart;
    let at = 0;
    for (; at + 4 <= length; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), hashPrime);
    for (; at < length; at += 1) hash = Math.imul(hash ^ view.getUint8(at), hashPrime);
    this.end = length;
    return this.#find(from, 0, hash);
  }

  /**
   * The number of the text from `start` to its closing quote; a new text gets a new number. -1 when a backslash or a
   * control character comes first, or when no quote comes.
   */
  numberOfQuoted(from: Bytes, start: number): number {
    const { view, length } = from;
    let hash = hashStart;
    let at = start;
    for (; at + 4 <= length; at += 4) {
      const word = view.getInt32(at, true);
      if (mayHoldSpecial(word) && specialIn(view, at, at + 4) >= 0) break;
      hash = Math.imul(hash ^ word, hashPrime);
    }
    const end = specialIn(view, at, Math.min(at + 4, length));
    if (end < 0 || view.getUint8(end) !== quote) return -1;
    for (; at < end; at += 1) hash = Math.imul(hash ^ view.getUint8(at), hashPrime);
    this.end = end;
    return this.#find(from, start, hash);
  }

  /** Whether this text and a quote stand at `start`: a fast check for an expected text. */
  isQuotedAt(number: number, from: Bytes, start: number): boolean {
    const first = this.#starts[number]!;
    const length = this.#starts[number + 1]! - first;
    const end = start + length;
    if (end >= from.length || from.view.getUint8(end) !== quote) return false;
    this.end = end;
    return this.#isEqual(first, from, start);
  }

  textOf(number: number): string {
    const start = this.#starts[number]!;
    return Buffer.from(this.#bytes.buffer, start, this.#starts[number + 1]! - start).toString("utf8");
  }

  /** The number of the text from `start` to `this.end`. */
  #find(from: Bytes, start: number, hashed: number): number {
    const hash = folded(hashed);
    const length = this.end - start;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let held = this.#slots[slot]!; held !== 0; held = this.#slots[slot]!) {
      if (this.#hashes[held - 1] === hash) {
        const first = this.#starts[held - 1]!;
        if (this.#starts[held]! - first === length && this.#isEqual(first, from, start)) return held - 1;
      }
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.#count + 1;
    return this.#add(from, start, hash);
  }

  /** Compares from the end, where message ids differ. */
  #isEqual(first: number, from: Bytes, start: number): boolean {
    const bytes = this.#bytes;
    const { view } = from;
    let place = this.end - start - 4;
    for (; place >= 0; place -= 4)
      if (view.getInt32(start + place, true) !== bytes.getInt32(first + place, true)) return false;
    for (place += 3; place >= 0; place -= 1)
      if (view.getUint8(start + place) !== bytes.getUint8(first + place)) return false;
    return true;
  }

  #add(from: Bytes, start: number, hash: number): number {
    const length = this.end - start;
    const number = this.#count;
    const first = this.#starts[number]!;
    while (first + length > this.#bytesLength) {
      this.#bytesLength *= 2;
      this.#bytes = lengthened(this.#bytes, this.#bytesLength);
    }
    const bytes = this.#bytes;
    const { view } = from;
    let place = 0;
    for (; place + 4 <= length; place += 4) bytes.setInt32(first + place, view.getInt32(start + place, true), true);
    for (; place < length; place += 1) bytes.setUint8(first + place, view.getUint8(start + place));
    if (number + 2 > this.#starts.length) {
      this.#starts = wider(this.#starts, new Uint32Array(this.#starts.length * 2));
      this.#hashes = wider(this.#hashes, new Int32Array(this.#hashes.length * 2));
    }
    this.#starts[number + 1] = first + length;
    this.#hashes[number] = hash;
    this.#count += 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.#count; number += 1) {
      let slot = this.#hashes[number]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}

/** True when one of four bytes is a quote, a backslash or a control character; sometimes true for other bytes. */
function mayHoldSpecial(word: number): boolean {
  return (zeroIn(word ^ quotes) | zeroIn(word ^ backslashes) | ((word - spaces) & ~word & highs)) !== 0;
}

function zeroIn(word: number): number {
  return (word - ones) & ~word & highs;
}

/** Where the first quote, backslash or control character of [start, end) stands, or -1. */
function specialIn(view: DataView, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    const byte = view.getUint8(at);
    if (byte === quote || byte === backslash || byte < space) return at;
  }
  return -1;
}

/** The low bits choose the slot, and FNV-1a is weak there. */
function folded(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return once ^ (once >>> 13);
}

function wider<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function lengthened(bytes: DataView, length: number): DataView<ArrayBuffer> {
  const longer = new Uint8Array(length);
  longer.set(new Uint8Array(bytes.buffer));
  return new DataView(longer.buffer);
}
