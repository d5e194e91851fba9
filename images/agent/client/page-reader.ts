// The reader of a load: fetches one page of facts at a time and confirms it.

import { create } from "@bufbuild/protobuf";
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

/** Facts in a page. A node may read them one by one, and a page must fit into the call timeout. */
const pageLimit = 10;

export class PageReader {
  readonly #caller: Caller;
  readonly #log: OperationLog;
  readonly #consumerName: string;
  #isReading = false;
  #startOffset: number | undefined;
  #hasStarted = false;

  constructor(caller: Caller, log: OperationLog, consumerName: string) {
    this.#caller = caller;
    this.#log = log;
    this.#consumerName = consumerName;
  }

  /** Starts at the first offset that was acknowledged: earlier facts belong to another load. Later calls do nothing. */
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

  async #readPage(): Promise<void> {
    const consumerName = this.#consumerName;
    const { message: fetched } = await this.#caller.call(
      {
        operation: this.#log.begin(consumerName, "fetch", {}),
        method: fetchPage,
        message: create(bsfg.FetchFactsRequestSchema, { consumerName, limit: pageLimit }),
      },
      ({ facts }) => pageOf(facts),
    );
    const last = fetched?.facts.at(-1);
    if (last) await this.#confirm(Number(last.offset));
  }

  /** Returns true when it was acknowledged. */
  async #confirm(offset: number): Promise<boolean> {
    const consumerName = this.#consumerName;
    const { outcome } = await this.#caller.call(
      {
        operation: this.#log.begin(consumerName, "confirm", { offset }),
        method: confirm,
        message: create(bsfg.ConfirmReceiptRequestSchema, { consumerName, offset: BigInt(offset) }),
      },
      (reply) => ({ offset: Number(reply.offset) }),
    );
    return outcome.type === "ok";
  }
}

/** A page as answered: its facts in order, with a digest each. */
function pageOf(facts: readonly bsfg.StoredFact[]): Details {
  const page = facts.map(({ offset, fact }) => ({
    offset: Number(offset),
    digest: digestOf(fact?.subject ?? "", fact?.predicate ?? "", fact?.objectJson ?? ""),
  }));
  const last = page.at(-1);
  return { count: page.length, page, ...(last ? { offset: last.offset } : {}) };
}
