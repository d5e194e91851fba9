// Reads a stream forward in pages, through its own consumer in the memory of one server. The server deletes a consumer
// that gets no requests. A page costs one request, whatever its size. Any error ends the reader; its user opens
// another.

import { createInbox, type Msg, type NatsConnection, type Subscription } from "nats";
import { ask } from "./store.ts";

/** The server deletes a consumer that got no request for this long. */
const forgottenAfterNs = 60e9;

export interface ReaderOptions {
  stream: string;
  /** Messages after this sequence. */
  after: number;
  /** Subject filter. */
  filter: string;
  /** Headers without data. */
  isHeadersOnly?: boolean;
}

export interface ReadMessage {
  sequence: number;
  subject: string;
  header: (name: string) => string;
  data: Uint8Array;
}

export class StreamReader implements Disposable {
  readonly #nc: NatsConnection;
  readonly #stream: string;
  readonly #consumer: string;
  /** The next consumer sequence; a gap means that a message was lost on its way. */
  #next = 1;
  /** Stream sequence of the last message read, or the one that reading began after. */
  after: number;

  private constructor(nc: NatsConnection, parts: { stream: string; consumer: string; after: number }) {
    this.#nc = nc;
    this.#stream = parts.stream;
    this.#consumer = parts.consumer;
    this.after = parts.after;
  }

  /** @throws StoreRefusal, NatsError */
  static async open(nc: NatsConnection, options: ReaderOptions, timeoutMs: number): Promise<StreamReader> {
    const { stream, after, filter, isHeadersOnly } = options;
    const config = {
      deliver_policy: "by_start_sequence",
      opt_start_seq: after + 1,
      ack_policy: "none",
      replay_policy: "instant",
      filter_subject: filter,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: forgottenAfterNs,
      ...(isHeadersOnly ? { headers_only: true } : {}),
    };
    const body = { stream_name: stream, config };
    const { name } = await ask<{ name: string }>(nc, `CONSUMER.CREATE.${stream}`, { body, timeoutMs });
    return new StreamReader(nc, { stream, consumer: name, after });
  }

  /** Up to `limit` messages that the stream has now, maybe none. @throws when the server is silent. */
  async page(limit: number, timeoutMs: number): Promise<ReadMessage[]> {
    const inbox = createInbox();
    let subscription: Subscription | undefined;
    let timer: NodeJS.Timeout | undefined;
    const whole = new Promise<ReadMessage[]>((resolve, reject) => {
      const read: ReadMessage[] = [];
      const take = (message: Msg): void => {
        const status = message.headers?.code ?? 0;
        // Only messages of the server itself have a status. 404: no more messages now.
        if (status === 404 || status === 408) return resolve(read);
        if (status > 0) return reject(new Error(`reader: ${status} ${message.headers?.description}`));
        const place = placeOf(message.reply ?? "");
        if (place.consumer !== this.#next) return reject(new Error("reader: a message is missing"));
        this.#next += 1;
        read.push(readMessage(message, place.stream));
        if (read.length === limit) resolve(read);
      };
      subscription = this.#nc.subscribe(inbox, {
        callback: (error, message) => (error ? reject(error) : take(message)),
      });
      timer = setTimeout(() => reject(new Error("reader: the server is silent")), timeoutMs);
    });
    const request = JSON.stringify({ batch: limit, no_wait: true });
    try {
      this.#nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${this.#stream}.${this.#consumer}`, request, { reply: inbox });
      const messages = await whole;
      this.after = messages.at(-1)?.sequence ?? this.after;
      return messages;
    } finally {
      clearTimeout(timer);
      subscription?.unsubscribe();
    }
  }

  /** Asks the server to delete the consumer, without waiting for the answer. */
  [Symbol.dispose](): void {
    if (!this.#nc.isClosed()) this.#nc.publish(`$JS.API.CONSUMER.DELETE.${this.#stream}.${this.#consumer}`);
  }
}

/** `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>` */
function placeOf(reply: string): { stream: number; consumer: number } {
  const parts = reply.split(".");
  if (parts.length !== 9) throw new Error(`reader: "${reply}" names no stream sequence`);
  return { stream: Number(parts[5]), consumer: Number(parts[6]) };
}

function readMessage(message: Msg, sequence: number): ReadMessage {
  const { headers } = message;
  return { sequence, subject: message.subject, header: (name) => headers?.get(name) ?? "", data: message.data };
}
