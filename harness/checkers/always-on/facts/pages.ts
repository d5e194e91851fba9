// What each consumer was served and what it confirmed. A page holds the stored facts from the cursor on, in order, each
// once, with no gap. A confirmation moves the cursor to the offset that was asked for, and never back, whichever node
// answers. One that timed out may take effect at any time, so it only widens the range in which a page may begin. A
// page may be served again as long as no confirmation of it was answered.

import { confirmWord, fetchWord, none } from "#history/event-table.ts";
import type { Operation } from "#history/operations.ts";
import { factsOf, isDigestOf, type PageFact } from "#history/page.ts";
import { type HistoryView, markOf } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import type { AcknowledgedFacts } from "./acknowledged.ts";
import type { Audit } from "./audit.ts";
import { Tally } from "./tally.ts";

/** A page that does not reach a fact which was acknowledged this long before it was asked for. */
export interface StalePage {
  lagNs: number;
  invokeNs: number;
  endNs: number;
  index: number;
  says: string;
}

/** The answer to a fetch. */
export interface PageAnswer {
  node: NodeName | undefined;
  endNs: number;
  /** Facts in the page. */
  count: number;
  /** A cursor that had moved would have shown: the page has facts, or rightly none, for none was left. */
  showsCursor: boolean;
}

export class Consumer {
  readonly name: string;
  /** Where its cursor stood at first; undefined where that is not known. */
  readonly start: number | undefined;
  /** Certainly confirmed: no fact up to here may be served again. */
  least = -Infinity;
  /** Highest offset that was ever asked for: every fact after it must be served. Undefined: the start is not known. */
  most: number | undefined;
  /** Offset up to which facts were served, or confirmed unread. */
  served: number | undefined;
  /** Acknowledged facts that were served, each counted once, and those that it confirmed unread. */
  facts = 0;
  skipped = 0;
  fetches = 0;
  confirmations = 0;
  /** Calls by invocation: when the consumer asked. */
  readonly askedNs: number[] = [];
  readonly answers: PageAnswer[] = [];

  constructor(name: string, start: number | undefined) {
    this.name = name;
    this.start = start;
    if (start === undefined) return;
    this.least = this.most = this.served = start;
  }
}

export class Pages {
  /** Facts in pages, those served again included. */
  facts = 0;
  /** An answered cursor lies before what was confirmed. */
  readonly cursorBack = new Tally();
  /** A page begins with a fact that was confirmed before. */
  readonly servedAgain = new Tally();
  /** A confirmation was answered with a higher offset than any that was asked for. */
  readonly jumped = new Tally();
  /** A page begins behind everything that was confirmed, and leaves facts out. */
  readonly ahead = new Tally();
  /** Facts that a page left out between two others. */
  readonly gaps = new Tally();
  /** Pages out of order, or with a fact twice. */
  readonly unordered = new Tally();
  /** Facts that came back otherwise than they were sent, or that nobody stored. */
  readonly altered = new Tally();
  readonly stale: StalePage[] = [];
  readonly #view: HistoryView;
  readonly #audit: Audit;
  readonly #acknowledged: AcknowledgedFacts;
  readonly #consumers = new Map<string, Consumer>();

  constructor(view: HistoryView, audit: Audit, acknowledged: AcknowledgedFacts) {
    this.#view = view;
    this.#audit = audit;
    this.#acknowledged = acknowledged;
    const starts = Object.entries(markOf(view, "load-started")?.event.detail?.cursors ?? {});
    for (const [name, start] of starts) this.#consumers.set(name, new Consumer(name, start));
    const { operations, table } = view;
    for (let place = 0; place < operations.length; place += 1) {
      const f = table.calls.f[operations.invoked.at(place)]!;
      if (f === fetchWord) this.#fetched(operations.at(place)!, place);
      else if (f === confirmWord) this.#confirmed(operations.at(place)!, place);
    }
  }

  get consumers(): Consumer[] {
    return [...this.#consumers.values()];
  }

  /** A consumer has the name of the logical process that reads for it. */
  #consumerOf({ process }: Operation): Consumer {
    const consumer = this.#consumers.get(process) ?? new Consumer(process, undefined);
    this.#consumers.set(process, consumer);
    return consumer;
  }

  #confirmed(operation: Operation, place: number): void {
    const consumer = this.#consumerOf(operation);
    consumer.askedNs.push(operation.invokeNs);
    if (operation.outcome === "fail") return;
    const asked = this.#view.table.calls.offset[this.#view.operations.invoked.at(place)]!;
    if (Number.isNaN(asked)) return;
    const before = consumer.most;
    consumer.most = Math.max(before ?? -Infinity, asked);
    if (asked > (consumer.served ?? Infinity))
      consumer.skipped += this.#acknowledged.countUpTo(asked) - this.#acknowledged.countUpTo(consumer.served!);
    consumer.served = Math.max(consumer.served ?? asked, asked);
    if (operation.outcome !== "ok") return;
    const answered = operation.offset ?? asked;
    consumer.confirmations += 1;
    const must = Math.max(consumer.least, asked);
    if (answered < must)
      this.cursorBack.add(() => `${consumer.name} was at ${answered} after ${must} was confirmed`, operation.index);
    if (before !== undefined && answered > consumer.most)
      this.jumped.add(() => `${consumer.name} asked for ${asked} and was put at ${answered}`, operation.index);
    consumer.least = Math.max(must, answered);
  }

  #fetched(operation: Operation, place: number): void {
    const consumer = this.#consumerOf(operation);
    consumer.fetches += 1;
    consumer.askedNs.push(operation.invokeNs);
    if (operation.outcome !== "ok") return;
    const { table, operations } = this.#view;
    const ended = operations.ended.at(place);
    const page = factsOf(table.wholeCall(ended)?.page ?? []);
    const count = Math.max(page.length, table.calls.count[ended]!);
    const { node, endNs } = operation;
    const showsCursor = count > 0 || this.#isNoneLeft(consumer, operation);
    consumer.answers.push({ node, endNs, count: Math.max(0, count), showsCursor });
    this.facts += Math.max(0, count);
    this.#compareWithNewest(operation, { consumer, count, limit: table.calls.count[operations.invoked.at(place)]! });
    const { offset: last } = operation;
    if (last === undefined || count <= 0) return;
    // Older histories do not hold the page. So many offsets, the last of which is known, begin here at the latest.
    const first = page[0]?.offset ?? last - count + 1;
    this.#begins(first, consumer, operation.index);
    if (page.length > 0) this.#readPage(page, consumer, operation.index);
  }

  /** It had confirmed every fact that was acknowledged before it asked. */
  #isNoneLeft({ least }: Consumer, { invokeNs }: Operation): boolean {
    if (least === -Infinity) return false;
    const next = this.#acknowledged.firstAfter(least);
    return !next || next.ns >= invokeNs;
  }

  /** A page that is not full must reach what was acknowledged before it was asked for. */
  #compareWithNewest(
    { invokeNs, endNs, index, offset }: Operation,
    { consumer, count, limit }: { consumer: Consumer; count: number; limit: number },
  ): void {
    const end = Math.max(offset ?? -Infinity, consumer.most ?? Infinity);
    if (limit === none || count >= limit || end === Infinity) return;
    const next = this.#acknowledged.firstAfter(end);
    if (!next || next.ns >= invokeNs) return;
    const says = `a page of ${consumer.name} ended before ${next.offset}`;
    this.stale.push({ lagNs: invokeNs - next.ns, invokeNs, endNs, index, says });
  }

  #begins(first: number, consumer: Consumer, index: number): void {
    const { name, least, most } = consumer;
    if (first <= least) this.servedAgain.add(() => `${name} was served ${first} after ${least} was confirmed`, index);
    const next = most === undefined ? Infinity : this.#audit.nextAfter(most);
    if (next < first) this.ahead.add(() => `${next} is missing before ${first} in a page of ${name}`, index);
    // From now on no page may begin before this one.
    consumer.least = Math.max(least, Math.min(first - 1, most ?? Infinity));
  }

  #readPage(page: readonly PageFact[], consumer: Consumer, index: number): void {
    const words = `in a page of ${consumer.name}`;
    let before = page[0]!.offset - 1;
    for (const { offset, digest } of page) {
      if (offset <= before) this.unordered.add(() => `${offset} after ${before} ${words}`, index);
      const next = this.#audit.nextAfter(before);
      if (next < offset) this.gaps.add(() => `${next} is missing ${words}`, index);
      before = Math.max(before, offset);
      if (offset > (consumer.served ?? -Infinity)) {
        consumer.served = offset;
        if (this.#acknowledged.has(offset)) consumer.facts += 1;
      }
      if (!this.#isAsSent(offset, digest)) this.altered.add(() => `the fact at ${offset} ${words}`, index);
    }
  }

  /** As the client sent it; where that is not known, as the stream holds it. */
  #isAsSent(offset: number, digest: string): boolean {
    const { digests } = this.#view.table;
    const sent = this.#acknowledged.digestAt(offset);
    if (sent !== none) return isDigestOf(digests.textOf(sent), digest);
    const row = this.#audit.rowAt(offset);
    if (row !== none) return isDigestOf(digests.textOf(this.#audit.digestOf(row)), digest);
    return offset < this.#audit.firstOffset || offset > this.#audit.lastOffset;
  }
}
