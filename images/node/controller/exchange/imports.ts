// Stores facts of the peer in this zone's stream: put if absent by message id, many in flight. The server recognises an
// id for an hour (gate/streams.ts). At a replay facts may be older, so the ids that are stored here are read first.

import { create, toBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { AppendFactRequestSchema, type StoredFact } from "../../gen/bsfg_pb.ts";
import { log } from "../../local/log.ts";
import { StreamReader } from "../../local/reader.ts";
import { headerOf, type NatsConnection, publish, readStored } from "../../local/store.ts";
import { digestOf, factStream, subjectToken } from "../facts.ts";
import { everyFact, subjectVia } from "./subjects.ts";

/** Requests in flight at once: a whole page, so that a page waits for a quorum once. */
const windowSize = 500;
const putTimeoutMs = 5_000;
const idsPage = 5_000;

export class Imports {
  readonly #nc: NatsConnection;
  readonly #peerZoneId: string;
  /** Message ids of all facts stored here; known during a replay only. */
  #known: Set<string> | undefined;

  constructor(nc: NatsConnection, peerZoneId: string) {
    this.#nc = nc;
    this.#peerZoneId = peerZoneId;
  }

  /** Reads the ids of all facts stored here: about 100 bytes of memory each. */
  async learnIds(): Promise<void> {
    if (this.#known) return;
    const known = new Set<string>();
    const options = { stream: factStream, after: 0, filter: everyFact, isHeadersOnly: true };
    using reader = await StreamReader.open(this.#nc, options, putTimeoutMs);
    for (;;) {
      const page = await reader.page(idsPage, putTimeoutMs);
      for (const message of page) known.add(message.header("Nats-Msg-Id"));
      if (page.length === 0) break;
    }
    this.#known = known;
  }

  forgetIds(): void {
    this.#known = undefined;
  }

  /** Resolves when a quorum has all of them. @throws when one is not certain; then none counts as stored. */
  async store(facts: readonly StoredFact[], mayWrite: () => boolean): Promise<void> {
    for (let from = 0; from < facts.length; from += windowSize) {
      if (!mayWrite()) throw new Error("this node is not active");
      const puts = facts.slice(from, from + windowSize).map((fact) => this.#put(fact));
      // Wait for all of them: a request in flight must not outlive the lease that was checked for it.
      const failed = (await Promise.allSettled(puts)).find((one) => one.status === "rejected");
      if (failed) throw failed.reason;
    }
  }

  async #put(stored: StoredFact): Promise<void> {
    const { envelope, fact, offset } = stored;
    if (!envelope || !fact) throw new ConnectError(`fact ${offset} of the peer has no envelope`);
    const { messageId } = envelope;
    if (this.#known?.has(messageId)) return;
    const request = create(AppendFactRequestSchema, { envelope, fact });
    const digest = digestOf(request);
    const ack = await publish(
      this.#nc,
      {
        subject: subjectVia(subjectToken(fact.subject), this.#peerZoneId),
        data: toBinary(AppendFactRequestSchema, request),
      },
      { headers: { "Nats-Msg-Id": messageId, "Bsfg-Digest": digest }, timeoutMs: putTimeoutMs },
    );
    if (ack.isDuplicate) await this.#compare(ack.sequence, { messageId, digest });
    this.#known?.add(messageId);
  }

  /** A different fact with a known id can never be stored: it is logged and skipped, so that later facts are stored. */
  async #compare(sequence: number, { messageId, digest }: { messageId: string; digest: string }): Promise<void> {
    const there = await readStored(this.#nc, { stream: factStream, where: { seq: sequence } }, putTimeoutMs);
    if (there && headerOf(there.headers, "Bsfg-Digest") !== digest)
      log(`ALARM: ${messageId} of ${this.#peerZoneId} is another fact here; it is skipped`);
  }
}
