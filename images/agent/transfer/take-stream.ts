// Takes one stream out of a server through JetStream's snapshot API. The server sends chunks to a subject of ours, and
// each is acknowledged once it is written, so a slow reader slows the server. The content is in the server's own
// format.

import { once } from "node:events";
import type { Writable } from "node:stream";
import { createInbox, type Msg, type NatsConnection } from "nats";
import type { Taken, TakeStreamRequest } from "#protocol/transfer.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import { figuresOf, type StreamState } from "./figures.ts";

const askTimeoutMs = 5_000;
const chunkBytes = 128 * 1024;

interface Described {
  config: Record<string, unknown>;
  state: StreamState;
}

/** @throws when the server refuses, ends the snapshot early, or is silent for `stallMs` */
export async function takeStream(request: TakeStreamRequest, out: Writable): Promise<Taken> {
  const { stream, hasConsumers } = request;
  await using server = await ServerConnection.open(request.pid, askTimeoutMs);
  const { nc } = server;
  const inbox = createInbox();
  const chunks = new Chunks(nc, inbox);
  const body = { deliver_subject: inbox, no_consumers: !hasConsumers, chunk_size: chunkBytes };
  const begun = await askJetStream<Described>(nc, `STREAM.SNAPSHOT.${stream}`, { timeoutMs: askTimeoutMs, body });
  const bytes = await chunks.writeTo(out, request.stallMs);
  const after = await askJetStream<Described>(nc, `STREAM.INFO.${stream}`, { timeoutMs: askTimeoutMs });
  return {
    bytes,
    config: begun.config,
    before: figuresOf(begun.state),
    after: figuresOf(after.state),
    server: nc.info?.version ?? "unknown",
  };
}

/** The chunks of one snapshot in the order of arrival. One connection keeps the server's order. */
class Chunks {
  readonly #nc: NatsConnection;
  readonly #waiting: Msg[] = [];
  #wake: (() => void) | undefined;

  constructor(nc: NatsConnection, subject: string) {
    this.#nc = nc;
    nc.subscribe(subject, {
      callback: (_, message) => {
        this.#waiting.push(message);
        this.#wake?.();
      },
    });
  }

  async writeTo(out: Writable, stallMs: number): Promise<number> {
    let bytes = 0;
    for (;;) {
      const message = await this.#next(stallMs, bytes);
      if (message.data.length === 0) {
        // An empty chunk ends the snapshot. With an error status it came too early.
        const status = message.headers?.code ?? 0;
        if (status >= 400) throw new Error(`the server ended the snapshot: ${status} ${message.headers?.description}`);
        return bytes;
      }
      bytes += message.data.length;
      if (!out.write(message.data)) await once(out, "drain");
      if (message.reply) this.#nc.publish(message.reply);
    }
  }

  async #next(stallMs: number, bytes: number): Promise<Msg> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no data for ${stallMs} ms after ${bytes} bytes`)), stallMs);
    });
    try {
      while (this.#waiting.length === 0)
        await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), late]);
      return this.#waiting.shift()!;
    } finally {
      clearTimeout(timer);
    }
  }
}
