// The pages that a peer zone reads: facts that did not come from it, or all facts when it was lost and rebuilt. Each
// consumer name has one open reader, which continues after the last page as long as pages are confirmed.

import { create, fromBinary } from "@bufbuild/protobuf";
import { AppendFactRequestSchema, type StoredFact, StoredFactSchema } from "../../gen/bsfg_pb.ts";
import { type ReadMessage, StreamReader } from "../../local/reader.ts";
import type { NatsConnection } from "../../local/store.ts";
import type { Call } from "../call.ts";
import { factStream, leftMs } from "../facts.ts";
import { everything } from "./logs.ts";
import { everyFact, ownFacts } from "./subjects.ts";

const pageMax = 1_000;
/** Open readers: two for a peer; a zone that is rebuilt many times leaves old ones. */
const readersMax = 8;

export class PeerPages {
  readonly #nc: NatsConnection;
  readonly #readers = new Map<string, StreamReader>();

  constructor(nc: NatsConnection) {
    this.#nc = nc;
  }

  /** Up to `limit` facts after an offset, in order. */
  async page(page: { after: number; limit: number; consumer: string }, call: Call): Promise<StoredFact[]> {
    const { consumer, after, limit } = page;
    const reader = await this.#readerAt(consumer, after, call);
    // While it reads, and after an error, no other call may use it.
    this.#readers.delete(consumer);
    try {
      const messages = await reader.page(Math.min(limit, pageMax), leftMs(call));
      this.#keep(consumer, reader);
      return messages.map(storedFact);
    } catch (thrown) {
      reader[Symbol.dispose]();
      throw thrown;
    }
  }

  async #readerAt(consumer: string, after: number, call: Call): Promise<StreamReader> {
    const known = this.#readers.get(consumer);
    if (known?.after === after) return known;
    known?.[Symbol.dispose]();
    const filter = consumer.endsWith(everything) ? everyFact : ownFacts;
    return StreamReader.open(this.#nc, { stream: factStream, after, filter }, leftMs(call));
  }

  #keep(consumer: string, reader: StreamReader): void {
    this.#readers.set(consumer, reader);
    const [eldest] = this.#readers.keys();
    if (this.#readers.size <= readersMax || eldest === undefined) return;
    this.#readers.get(eldest)?.[Symbol.dispose]();
    this.#readers.delete(eldest);
  }
}

function storedFact({ sequence, data }: ReadMessage): StoredFact {
  const { envelope, fact } = fromBinary(AppendFactRequestSchema, data);
  return create(StoredFactSchema, { offset: BigInt(sequence), ...(envelope && { envelope }), ...(fact && { fact }) });
}
