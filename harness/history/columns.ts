// Growing columns of numbers. They keep an event in tens of bytes, and the garbage collector has nothing to visit. The
// owner of the columns defines what a row means.

type Cells = Float64Array | Int32Array | Uint8Array;

const firstSize = 1_024;

/** Numbers by row; grows by doubling. */
export class Column<T extends Cells> {
  #cells: T;
  #length = 0;
  readonly #make: (size: number) => T;

  private constructor(make: (size: number) => T) {
    this.#make = make;
    this.#cells = make(firstSize);
  }

  /** For stamps and offsets: exact up to 2^53. */
  static float64(): Column<Float64Array> {
    return new Column((size) => new Float64Array(size));
  }

  /** For indices, counts and references. */
  static int32(): Column<Int32Array> {
    return new Column((size) => new Int32Array(size));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#cells.length) {
      this.#cells = twice(this.#cells, this.#make);
    }
    this.#cells[this.#length] = value;
    this.#length += 1;
  }

  /** No bounds check: a row that was never pushed gives a meaningless number. */
  at(row: number): number {
    return this.#cells[row]!;
  }

  set(row: number, value: number): void {
    this.#cells[row] = value;
  }
}

/** The same cells in an array of twice the length. */
export function twice<T extends Cells>(cells: T, make: (size: number) => T): T {
  const wider = make(cells.length * 2);
  wider.set(cells);
  return wider;
}

/**
 * The rows of a column by ascending value; equal values keep their order. Undefined when the column is in order
 * already. Linear when few rows are out of place, as in a file to which several writers append.
 */
export function orderOf(column: Column<Float64Array>): Uint32Array | undefined {
  const late: number[] = [];
  let high = -Infinity;
  for (let row = 0; row < column.length; row += 1) {
    const value = column.at(row);
    if (value < high) late.push(row);
    else high = value;
  }
  if (late.length === 0) return undefined;
  const comesFirst = (a: number, b: number) => column.at(a) - column.at(b) || a - b;
  late.sort(comesFirst);
  const order = new Uint32Array(column.length);
  const isLate = new Uint8Array(column.length);
  for (const row of late) isLate[row] = 1;
  let place = 0;
  let taken = 0;
  for (let row = 0; row < column.length; row += 1) {
    if (isLate[row] === 1) continue;
    while (taken < late.length && comesFirst(late[taken]!, row) < 0) order[place++] = late[taken++]!;
    order[place++] = row;
  }
  while (taken < late.length) order[place++] = late[taken++]!;
  return order;
}
