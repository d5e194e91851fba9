// Puts one stream into a server through JetStream's restore API. Chunks go to a subject that the server names; it
// acknowledges each, and an empty one ends the stream. The server then makes the stream and reports its figures.

import type { Readable } from "node:stream";
import { Empty } from "nats";
import type { Put, PutStreamRequest } from "#protocol/transfer.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import { figuresOf, type StreamState } from "./figures.ts";

const askTimeoutMs = 5_000;
/** Below the server's max_payload of 1 MiB. It is also the size that the server itself sends by default. */
const chunkBytes = 128 * 1024;
/** Chunks in flight. One connection keeps their order. */
const windowSize = 8;

interface Restored {
  state?: StreamState;
  error?: { description?: string };
}

/** @throws when the server refuses, or is silent for `stallMs`. No stream of that name exists then */
export async function putStream(request: PutStreamRequest, input: Readable): Promise<Put> {
  const { stream, config, figures, stallMs } = request;
  await using server = await ServerConnection.open(request.pid, askTimeoutMs);
  const { nc } = server;
  const { messages, bytes, firstSeq, lastSeq } = figures;
  // The server checks its limits against this. The content decides what is restored.
  const state = { messages, bytes, first_seq: firstSeq, last_seq: lastSeq };
  const begun = await askJetStream<{ deliver_subject: string }>(nc, `STREAM.RESTORE.${stream}`, {
    timeoutMs: stallMs,
    body: { config, state },
  });
  const sent: Promise<void>[] = [];
  const send = async (chunk: Buffer): Promise<void> => {
    const answer = await nc.request(begun.deliver_subject, chunk, { timeout: stallMs });
    // An empty answer acknowledges; any other says why the server stopped.
    if (answer.data.length > 0) throw new Error(refusalIn(answer.json<Restored>()));
  };
  for await (const chunk of chunksOf(input, request.bytes)) {
    const one = send(chunk);
    // Its error surfaces when the chunk is awaited.
    one.catch(() => {});
    sent.push(one);
    if (sent.length >= windowSize) await sent.shift();
  }
  await Promise.all(sent);
  const end = (await nc.request(begun.deliver_subject, Empty, { timeout: stallMs })).json<Restored>();
  if (end.state === undefined) throw new Error(refusalIn(end));
  return { figures: figuresOf(end.state) };
}

function refusalIn({ error }: Restored): string {
  return `the server refused the content: ${error?.description ?? "without a reason"}`;
}

/** The input in chunks, up to `bytes`. @throws when it ends earlier */
async function* chunksOf(input: Readable, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  if (left === 0) return;
  for await (const piece of input as AsyncIterable<Buffer>) {
    for (let at = 0; at < piece.length; at += chunkBytes) yield piece.subarray(at, at + chunkBytes);
    left -= piece.length;
    if (left <= 0) return;
  }
  throw new Error(`the input ended ${left} bytes too early`);
}
