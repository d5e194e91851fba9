// One stream into a server, by JetStream's restore API: chunks are sent to a subject that the server names, each is
// acknowledged, and an empty one ends it. The server makes the stream and answers what it holds.

import type { Readable } from "node:stream";
import { Empty } from "nats";
import type { Put, PutStreamRequest } from "#protocol/transfer.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import { figuresOf, type StreamState } from "./figures.ts";

const askTimeoutMs = 5_000;
/** Below the server's max_payload of 1 MiB; what the server itself sends by default. */
const chunkBytes = 128 * 1024;
/** Chunks on their way at once; one connection keeps their order. */
const windowSize = 8;

interface Restored {
  state?: StreamState;
  error?: { description?: string };
}

/** @throws when the server refuses, or is silent for `stallMs`; then no stream of that name is made. */
export async function putStream(request: PutStreamRequest, input: Readable): Promise<Put> {
  const { stream, config, figures, stallMs } = request;
  await using server = await ServerConnection.open(request.pid, askTimeoutMs);
  const { nc } = server;
  const { messages, bytes, firstSeq, lastSeq } = figures;
  // The server checks its limits against this; what is restored is what the content says.
  const state = { messages, bytes, first_seq: firstSeq, last_seq: lastSeq };
  const begun = await askJetStream<{ deliver_subject: string }>(nc, `STREAM.RESTORE.${stream}`, {
    timeoutMs: stallMs,
    body: { config, state },
  });
  const sent: Promise<void>[] = [];
  const send = async (chunk: Buffer): Promise<void> => {
    const answer = await nc.request(begun.deliver_subject, chunk, { timeout: stallMs });
    // Empty is an acknowledgement; anything else is why it stopped.
    if (answer.data.length > 0) throw new Error(refusalIn(answer.json<Restored>()));
  };
  for await (const chunk of chunksOf(input, request.bytes)) {
    const one = send(chunk);
    // Heard of when its turn comes.
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
  return `the server refused the content: ${error?.description ?? "it did not say why"}`;
}

/** The input in chunks, up to `bytes` of it. @throws when it ends sooner. */
async function* chunksOf(input: Readable, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  if (left === 0) return;
  for await (const piece of input as AsyncIterable<Buffer>) {
    for (let at = 0; at < piece.length; at += chunkBytes) yield piece.subarray(at, at + chunkBytes);
    left -= piece.length;
    if (left <= 0) return;
  }
  throw new Error(`the input ended ${left} bytes too soon`);
}
