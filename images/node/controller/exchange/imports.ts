// Facts of the peer into this zone's stream: put if absent by message id, many in flight. The server recognises an id for an hour
// (gate/streams.ts); where facts may be older than that, at a replay, the ids that are here already are read first.

import { create, toBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { AppendFactRequestSchema, type StoredFact } from "../../gen/bsfg_pb.ts";
import { log } from "../../local/log.ts";
import { StreamReader } from "../../local/reader.ts";
import { headerOf, type NatsConnection, publish, readStored } from "../../local/store.ts";
import { digestOf, factStream, subjectToken } from "../facts.ts";
import { everyFact, subjectVia } from "./subjects.ts";

/** Requests in flight at once: a page, so that it waits for a quorum once and not several times over. */
const windowSize = 500;
const putTimeoutMs = 5_000;
const idsPage = 5_000;

export interface ImportsOptions {
  peerZoneId: string;
  /** False in a seeded wrong zone only. */
  isPutIfAbsent: boolean;
}

export class Imports {
  readonly #nc: NatsConnection;
  readonly #options: ImportsOptions;
  /** Message ids of every fact that is here, at a replay. */
  #known: Set<string> | undefined;

  constructor(nc: NatsConnection, options: ImportsOptions) {
    this.#nc = nc;
    this.#options = options;
  }

  /** Reads the ids of all facts that are here: about 100 bytes of memory each. */
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

  /** Resolves when a quorum has every one of them. @throws when that is not certain of one; then none counts as done. */
  async store(facts: readonly StoredFact[], mayWrite: () => boolean): Promise<void> {
    for (let from = 0; from < facts.length; from += windowSize) {
      if (!mayWrite()) throw new Error("this node is not active");
      const puts = facts.slice(from, from + windowSize).map((fact) => this.#put(fact));
      // All of them first: what is still on its way when one fails must not outlive the lease that was looked at.
      const failed = (await Promise.allSettled(puts)).find((one) => one.status === "rejected");
      if (failed) throw failed.reason;
    }
  }

  async #put(stored: StoredFact): Promise<void> {
    const { envelope, fact, offset } = stored;
    if (!envelope || !fact) throw new ConnectError(`fact ${offset} of the peer has no envelope`);
    const { peerZoneId, isPutIfAbsent } = this.#options;
    const { messageId } = envelope;
    if (isPutIfAbsent && this.#known?.has(messageId)) return;
    const request = create(AppendFactRequestSchema, { envelope, fact });
    const digest = digestOf(request);
    const id: Record<string, string> = isPutIfAbsent ? { "Nats-Msg-Id": messageId } : {};
    const ack = await publish(
      this.#nc,
      {
        subject: subjectVia(subjectToken(fact.subject), peerZoneId),
        data: toBinary(AppendFactRequestSchema, request),
      },
      { headers: { ...id, "Bsfg-Digest": digest }, timeoutMs: putTimeoutMs },
    );
    if (ack.isDuplicate) await this.#compare(ack.sequence, { messageId, digest });
    this.#known?.add(messageId);
  }

  /** Another fact of that id cannot be stored, ever: it is told, and passed over, so that those after it come through. */
  async #compare(sequence: number, { messageId, digest }: { messageId: string; digest: string }): Promise<void> {
    const there = await readStored(this.#nc, { stream: factStream, where: { seq: sequence } }, putTimeoutMs);
    if (there && headerOf(there.headers, "Bsfg-Digest") !== digest)
      log(`ALARM: ${messageId} of ${this.#options.peerZoneId} is another fact here; it is passed over`);
  }
}
