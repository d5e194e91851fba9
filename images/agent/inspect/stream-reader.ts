// The agent's own reader: reads a stream forward in pages. It uses a pull consumer in the memory of one server, so a
// page costs one request whatever its size. That server may be down, or behind the leader; the caller compares with the
// leader.

import { createInbox, type Msg, type NatsConnection } from "nats";
import { askJetStream } from "../namespace/server-connection.ts";

/** The server drops a consumer that has not been asked for this long. */
const idleNs = 60e9;
/** Status codes of a pull request: no message now, and the request has expired. */
const pageEnds = [404, 408];

export interface ReaderOptions {
  stream: string;
  /** Reads the messages after this sequence. */
  after: number;
  /** Reads headers without data. */
  isHeadersOnly?: true;
}

export interface ReadMessage {
  sequence: number;
  /** A header's value; empty when there is none of that name. */
  header: (name: string) => string;
  subject: string;
  /** Every header, by name and value. */
  headers: [name: string, value: string][];
  data: Uint8Array;
}

export class StreamReader implements Disposable {
  readonly #nc: NatsConnection;
  readonly #stream: string;
  readonly #consumer: string;
  /** Deliveries so far. The server numbers them, so a gap shows a message that was lost on its way. */
  #delivered = 0;
  #lastSequence: number;

  private constructor(nc: NatsConnection, consumer: string, { stream, after }: ReaderOptions) {
    this.#nc = nc;
    this.#stream = stream;
    this.#consumer = consumer;
    this.#lastSequence = after;
  }

  /** @throws when the server refuses the consumer or does not answer in time. */
  static async open(nc: NatsConnection, options: ReaderOptions, timeoutMs: number): Promise<StreamReader> {
    const { stream, after, isHeadersOnly } = options;
    const config = {
      deliver_policy: "by_start_sequence",
      opt_start_seq: after + 1,
      ack_policy: "none",
      num_replicas: 1,
      mem_storage: true,
      inactive_threshold: idleNs,
      ...(isHeadersOnly ? { headers_only: true } : {}),
    };
    const body = { stream_name: stream, config };
    const { name } = await askJetStream<{ name: string }>(nc, `CONSUMER.CREATE.${stream}`, { timeoutMs, body });
    return new StreamReader(nc, name, options);
  }

  /** Sequence of the last message that was read. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Up to `limit` messages that the server has now. @throws when it does not answer in time, or a message was lost. */
  page(limit: number, timeoutMs: number): Promise<ReadMessage[]> {
    const read: ReadMessage[] = [];
    return new Promise((resolve, reject) => {
      const inbox = createInbox();
      const subscription = this.#nc.subscribe(inbox, {
        callback: (error, message) => {
          if (error) return end(error);
          try {
            if (this.#isPageEnd(message) || read.push(this.#take(message)) === limit) end();
          } catch (thrown) {
            end(thrown as Error);
          }
        },
      });
      const timer = setTimeout(() => end(new Error(`no page of ${this.#stream} in ${timeoutMs} ms`)), timeoutMs);
      const end = (error?: Error) => {
        clearTimeout(timer);
        subscription.unsubscribe();
        if (error) reject(error);
        else resolve(read);
      };
      const request = JSON.stringify({ batch: limit, no_wait: true });
      this.#nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${this.#stream}.${this.#consumer}`, request, { reply: inbox });
    });
  }

  /** Only the server's own messages have a status. @throws on a status that is an error */
  #isPageEnd({ headers }: Msg): boolean {
    const status = headers?.code ?? 0;
    if (status === 0) return false;
    if (pageEnds.includes(status)) return true;
    throw new Error(`reading ${this.#stream}: ${status} ${headers?.description}`);
  }

  #take({ reply, subject, headers, data }: Msg): ReadMessage {
    const { sequence, delivery } = deliveryOf(reply ?? "");
    if (delivery !== this.#delivered + 1)
      throw new Error(`delivery ${this.#delivered + 1} of ${this.#stream} was lost`);
    this.#delivered = delivery;
    this.#lastSequence = sequence;
    return {
      sequence,
      header: (name) => headers?.get(name) ?? "",
      subject,
      get headers() {
        const names = headers?.keys() ?? [];
        return names.flatMap((name) => headers!.values(name).map((value): [string, string] => [name, value]));
      },
      data,
    };
  }

  /** Has the server drop the consumer, and does not wait for it. */
  [Symbol.dispose](): void {
    if (!this.#nc.isClosed()) this.#nc.publish(`$JS.API.CONSUMER.DELETE.${this.#stream}.${this.#consumer}`);
  }
}

/**
 * Sequence in the stream and number of the delivery, from a message's reply subject. The subject is
 * `$JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.<delivery>.<time>.<pending>`.
 */
export function deliveryOf(reply: string): { sequence: number; delivery: number } {
  const parts = reply.split(".");
  if (parts.length !== 9 || !reply.startsWith("$JS.ACK.")) throw new Error(`not a delivery of JetStream: "${reply}"`);
  return { sequence: Number(parts[5]), delivery: Number(parts[6]) };
}
