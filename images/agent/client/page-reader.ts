// A consumer of a load: fetches a page of facts at a time and confirms it. Consumers confirm in different ways, so that
// a cursor that is moved elsewhere than asked shows.

import { create } from "@bufbuild/protobuf";
import { delay, nowNs } from "#base/clock.ts";
import { packedPage } from "#history/page.ts";
import type { ReaderEnd } from "#protocol/commands/client.ts";
import * as bsfg from "../../node/gen/bsfg_pb.ts";
import { digestOf } from "../facts/fact.ts";
import type { Caller } from "./caller.ts";
import type { Details, OperationLog } from "./operation-log.ts";

const fetchPage = { name: "FetchFacts", input: bsfg.FetchFactsRequestSchema, output: bsfg.FetchFactsResponseSchema };
const confirm = {
  name: "ConfirmReceipt",
  input: bsfg.ConfirmReceiptRequestSchema,
  output: bsfg.ConfirmReceiptResponseSchema,
};

/**
 * `whole`: each page. `half`: each third page only up to its middle. `again`: each fifth page, and then an older
 * offset.
 */
const habits = ["whole", "half", "again"] as const;
export type Habit = (typeof habits)[number];

export function habitOf(place: number): Habit {
  return habits[place % habits.length]!;
}

/** A page of the drain. A node may read the facts one by one, and a page must fit into the call timeout. */
const drainLimit = 250;
/** With more facts before it, a consumer does not read them all: it confirms up to the last so many. */
const drainFactsMax = 4_000;
const drainFactsKept = 500;
const retryMs = 100;

export interface ReaderOptions {
  consumerName: string;
  pageLimit: number;
  habit: Habit;
  /** Begins with a confirmation of the first offset that the load had acknowledged. */
  isSample: boolean;
  /** Where the cursor stood when the former load was drained. */
  cursor: number;
}

export class PageReader {
  readonly #caller: Caller;
  readonly #log: OperationLog;
  readonly #options: ReaderOptions;
  #isReading = false;
  #startOffset: number | undefined;
  #hasStarted: boolean;
  #pages = 0;
  #confirmed: number;
  /** The last offset of any page. */
  #served = 0;

  constructor(caller: Caller, log: OperationLog, options: ReaderOptions) {
    this.#caller = caller;
    this.#log = log;
    this.#options = options;
    this.#hasStarted = !options.isSample;
    this.#confirmed = options.cursor;
  }

  /** The first offset that was acknowledged: earlier facts belong to another load. Later calls do nothing. */
  startAt(offset: number): void {
    this.#startOffset ??= offset;
  }

  /** Reads and confirms one page. Does nothing while the previous page is under way. */
  async read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      if (this.#hasStarted) await this.#readPage();
      else if (this.#startOffset !== undefined) this.#hasStarted = await this.#confirm(this.#startOffset);
    } finally {
      this.#isReading = false;
    }
  }

  /** Reads until it was served all up to `last`, and confirmed it, and is served nothing more of it. */
  async drain(last: number, untilNs: number): Promise<ReaderEnd> {
    const name = this.#options.consumerName;
    if (last - this.#confirmed > drainFactsMax) await this.#confirm(last - drainFactsKept);
    let saw = "no time was left";
    while (nowNs() < untilNs) {
      const page = await this.#fetch(drainLimit);
      const isBehind = page !== undefined && (page[0] ?? Infinity) > last;
      if (isBehind && this.#confirmed >= last) return { name, confirmed: this.#confirmed, isDone: true };
      // The confirmation of the last page was in doubt, and took effect.
      const next = isBehind && this.#served >= last ? last : page?.at(-1);
      if (next !== undefined && (await this.#confirm(next))) continue;
      saw = page ? `it was served nothing after ${this.#confirmed} of ${last}` : "a fetch was not answered";
      await delay(retryMs);
    }
    return { name, confirmed: this.#confirmed, isDone: false, saw };
  }

  async #readPage(): Promise<void> {
    const page = await this.#fetch(this.#options.pageLimit);
    if (!page || page.length === 0) return;
    this.#pages += 1;
    const { habit } = this.#options;
    const isHalf = habit === "half" && this.#pages % 3 === 0;
    await this.#confirm(page[isHalf ? page.length >> 1 : page.length - 1]!);
    if (habit === "again" && this.#pages % 5 === 0) await this.#confirm(page[0]!);
  }

  /** The offsets of a page; undefined when it was not answered. */
  async #fetch(limit: number): Promise<number[] | undefined> {
    const { consumerName } = this.#options;
    const { message } = await this.#caller.call(
      {
        operation: this.#log.begin(consumerName, "fetch", { count: limit }),
        method: fetchPage,
        message: create(bsfg.FetchFactsRequestSchema, { consumerName, limit }),
      },
      ({ facts }) => pageOf(facts),
    );
    const offsets = message?.facts.map(({ offset }) => Number(offset));
    this.#served = Math.max(this.#served, offsets?.at(-1) ?? 0);
    return offsets;
  }

  /** Returns true when it was acknowledged. */
  async #confirm(offset: number): Promise<boolean> {
    const { consumerName } = this.#options;
    const { outcome, message } = await this.#caller.call(
      {
        operation: this.#log.begin(consumerName, "confirm", { offset }),
        method: confirm,
        message: create(bsfg.ConfirmReceiptRequestSchema, { consumerName, offset: BigInt(offset) }),
      },
      (reply) => ({ offset: Number(reply.offset) }),
    );
    if (message) this.#confirmed = Math.max(this.#confirmed, Number(message.offset));
    return outcome.type === "ok";
  }
}

/** A page as answered: its facts in order, with a digest of each whole message. */
function pageOf(facts: readonly bsfg.StoredFact[]): Details {
  const page = facts.map((stored) => ({ offset: Number(stored.offset), digest: digestOfStored(stored) }));
  const last = page.at(-1);
  return { count: page.length, page: packedPage(page), ...(last ? { offset: last.offset } : {}) };
}

/** All that came with the fact, except its offset: as it was sent, or else another digest. */
function digestOfStored({ envelope, fact, $unknown }: bsfg.StoredFact): string {
  const message = create(bsfg.AppendFactRequestSchema, { ...(envelope && { envelope }), ...(fact && { fact }) });
  if ($unknown) message.$unknown = $unknown;
  return digestOf(message);
}
