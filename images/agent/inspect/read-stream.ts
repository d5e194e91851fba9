// Reads the messages of a stream from an offset on, and emits one `stored` event for each. Each message is asked of the
// stream's leader, many at a time. A long stream is read in pages first: asking for each costs the servers twenty times
// as much.

import type { NatsConnection } from "nats";
import { delay, nowNs } from "#base/clock.ts";
import type { AuditRequest } from "#protocol/commands/server.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import { payloadDigest, payloadMessageId } from "../facts/payload.ts";
import { contract } from "../namespace/contract.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import type { Emit } from "../role/outlet.ts";
import { StreamReader } from "./stream-reader.ts";

/** Streams longer than this are read in pages first. */
const pagedFrom = 3_000;
const pageFacts = 500;
const readersMax = 64;
/** JetStream's error code for a sequence without a message. */
const noMessageFound = 10037;

interface StoredAnswer {
  message?: { hdrs?: string; data?: string };
  error?: { err_code?: number; description?: string };
}

/** What is to be read, and how much time is left. */
interface Reading {
  nc: NatsConnection;
  stream: string;
  first: number;
  last: number;
  leftMs: () => number;
}

/** @throws when the stream could not be read to its end in time. */
export async function readStream(request: AuditRequest, emit: Emit): Promise<{ messages: number }> {
  const untilNs = nowNs() + request.timeoutMs * 1e6;
  const leftMs = () => Math.max(1, (untilNs - nowNs()) / 1e6);
  const { stream } = request;
  await using server = await ServerConnection.open(request.pid, Math.min(2_000, request.timeoutMs));
  const { nc } = server;
  const timeoutMs = Math.min(5_000, leftMs());
  const { state } = await askJetStream<StreamInfo>(nc, `STREAM.INFO.${stream}`, { timeoutMs });
  const first = Math.max(state.first_seq, request.firstOffset);
  const count = state.last_seq - first + 1;
  const reading: Reading = { nc, stream, first, last: state.last_seq, leftMs };
  const isPaged = request.isOfLeader !== true && count > pagedFrom;
  // A reader may be behind the leader: only a complete read counts.
  if (isPaged && (await readPaged(reading, emit)) === count) return { messages: count };
  return { messages: state.messages > 0 ? await readEach(reading, emit) : 0 };
}

/** Returns how many messages were emitted. */
async function readPaged({ nc, stream, first, last, leftMs }: Reading, emit: Emit): Promise<number> {
  const timeoutMs = () => Math.min(5_000, leftMs() / 2);
  let messages = 0;
  try {
    using reader = await StreamReader.open(nc, { stream, after: first - 1 }, timeoutMs());
    while (reader.lastSequence < last) {
      const page = await reader.page(pageFacts, timeoutMs());
      if (page.length === 0) break;
      for (const { sequence, header, data } of page.filter((one) => one.sequence <= last)) {
        emitStored(emit, sequence, { header: header(contract.streams.messageId), payload: data });
        messages += 1;
      }
    }
  } catch {
    // The count shows that not all came; the caller then asks for each message.
  }
  return messages;
}

/** Returns how many messages were emitted. Sequences without a message are passed over. */
async function readEach(reading: Reading, emit: Emit): Promise<number> {
  let next = reading.first;
  let messages = 0;
  const reader = async (): Promise<void> => {
    while (next <= reading.last) {
      const sequence = next++;
      const message = await readOne(reading, sequence);
      if (!message) continue;
      const payload = Buffer.from(message.data ?? "", "base64");
      emitStored(emit, sequence, { header: messageIdIn(message.hdrs ?? ""), payload });
      messages += 1;
    }
  };
  await Promise.all(Array.from({ length: readersMax }, reader));
  return messages;
}

/** A leader that is changing refuses or is silent; it is asked again until the deadline. */
async function readOne({ nc, stream, leftMs }: Reading, seq: number): Promise<StoredAnswer["message"]> {
  for (let why = "no answer"; ;) {
    const answer = await nc
      .request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({ seq }), { timeout: Math.min(1_000, leftMs()) })
      .catch(() => undefined);
    const { message, error } = answer?.json<StoredAnswer>() ?? {};
    // Removed, or never there.
    if (message || error?.err_code === noMessageFound) return message;
    why = error?.description ?? why;
    if (leftMs() <= 1) throw new Error(`message ${seq}: ${why}`);
    await delay(100);
  }
}

/** A store that wrote a fact without the header still has its id, in the payload. */
function emitStored(emit: Emit, offset: number, stored: { header: string; payload: Uint8Array }): void {
  const { header, payload } = stored;
  const messageId = header || payloadMessageId(payload);
  emit({ t: nowNs(), type: "stored", offset, messageId, digest: payloadDigest(payload) });
}

const messageIdLine = new RegExp(`^${contract.streams.messageId}:\\s*(.*?)\\s*$`, "im");

/** From a header block in base64, as STREAM.MSG.GET gives it. */
function messageIdIn(hdrs: string): string {
  return messageIdLine.exec(Buffer.from(hdrs, "base64").toString("utf8"))?.[1] ?? "";
}
