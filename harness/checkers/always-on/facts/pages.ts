// The promises of FetchFacts and ConfirmReceipt. A page holds the stored facts from the cursor on, in order, each once,
// with no gap. A confirmed cursor never goes back, whichever node answers. A confirmation that timed out may take
// effect at any time, so it only widens the range in which a page may begin. Whether a page is up to date is not
// judged.

import { confirmWord, fetchWord, none } from "#history/event-table.ts";
import type { Operation } from "#history/operations.ts";
import type { HistoryView } from "#history/view.ts";
import type { Audit } from "./audit.ts";
import { Tally } from "./tally.ts";

interface Cursor {
  /** Certainly confirmed: no fact up to here may be served again. */
  least: number;
  /** Possibly confirmed: every fact after this must be served. Undefined before the consumer's first confirmation. */
  most: number | undefined;
}

export class Pages {
  pages = 0;
  facts = 0;
  confirmed = 0;
  /** A cursor or the beginning of a page lies before what was confirmed. */
  readonly cursorBack = new Tally();
  /** Facts that a page left out. */
  readonly gaps = new Tally();
  /** Pages out of order, or with a fact twice. */
  readonly unordered = new Tally();
  /** Facts whose payload in a page differs from the stored one. */
  readonly altered = new Tally();
  readonly #view: HistoryView;
  readonly #audit: Audit;
  readonly #cursors = new Map<string, Cursor>();

  constructor(view: HistoryView, audit: Audit) {
    this.#view = view;
    this.#audit = audit;
    const { operations, table } = view;
    for (let place = 0; place < operations.length; place += 1) {
      const f = table.calls.f[operations.invoked.at(place)]!;
      if (f === fetchWord) this.#fetched(operations.at(place)!, operations.ended.at(place));
      else if (f === confirmWord) this.#confirmed(operations.at(place)!, operations.invoked.at(place));
    }
  }

  /** A consumer has the name of the logical process that reads for it. */
  #cursorOf({ process }: Operation): Cursor {
    const cursor = this.#cursors.get(process) ?? { least: -Infinity, most: undefined };
    this.#cursors.set(process, cursor);
    return cursor;
  }

  #confirmed(operation: Operation, invoked: number): void {
    if (operation.outcome === "fail") return;
    const cursor = this.#cursorOf(operation);
    const asked = this.#view.table.calls.offset[invoked]!;
    const answered = operation.outcome === "ok" ? (operation.offset ?? asked) : Number.NaN;
    for (const offset of [asked, answered])
      if (!Number.isNaN(offset)) cursor.most = Math.max(cursor.most ?? -Infinity, offset);
    if (Number.isNaN(answered)) return;
    this.confirmed += 1;
    const must = Math.max(cursor.least, Number.isNaN(asked) ? -Infinity : asked);
    if (answered < must)
      this.cursorBack.add(() => `${operation.process} was at ${answered} after ${must} was confirmed`, operation.index);
    cursor.least = Math.max(cursor.least, answered);
  }

  #fetched(operation: Operation, ended: number): void {
    if (operation.outcome !== "ok") return;
    const page = this.#view.table.wholeCall(ended)?.page;
    const { offset: last } = operation;
    const count = page?.length ?? this.#view.table.calls.count[ended]!;
    if (last === undefined || count <= 0) return;
    this.pages += 1;
    this.facts += count;
    const cursor = this.#cursorOf(operation);
    // The page itself is not recorded. So many different offsets, the last of which is known, begin here at the latest.
    const first = page?.[0]?.offset ?? last - count + 1;
    if (first <= cursor.least)
      this.cursorBack.add(
        () => `${operation.process} was served ${first} after ${cursor.least} was confirmed`,
        operation.index,
      );
    if (page) this.#readPage(page, operation, cursor.most ?? first - 1);
  }

  #readPage(page: readonly { offset: number; digest: string }[], operation: Operation, after: number): void {
    const words = `in a page of ${operation.process}`;
    let before = Math.min(after, page[0]!.offset - 1);
    // A page may begin before the last confirmation that timed out. After that one no fact may be left out.
    let from = after;
    for (const { offset, digest } of page) {
      if (offset <= before) this.unordered.add(() => `${offset} after ${before} ${words}`, operation.index);
      if (offset > from) {
        const next = this.#audit.nextAfter(from);
        if (next < offset) this.gaps.add(() => `${next} is missing ${words}`, operation.index);
        from = offset;
      }
      before = Math.max(before, offset);
      const row = this.#audit.rowAt(offset);
      if (row !== none && this.#view.table.digests.textOf(this.#audit.digestOf(row)) !== digest)
        this.altered.add(() => `the fact at ${offset} ${words}`, operation.index);
    }
  }
}
