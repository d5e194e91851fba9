// The errands that talk to a node's server: read a whole stream, ask about all streams, try one write. They go through
// a door into the node's network namespace (door.ts) and tell events as they learn them.

import { nanos, type NatsConnection, StorageType } from "nats";
import { delay, nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { HistoryEvent, StreamEvent } from "#history/event.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import type { AuditRequest, ServerQuery } from "#protocol/commands/server.ts";
import { StreamReader } from "../../node/local/reader.ts";
import { getJson } from "../namespace/monitor-port.ts";
import { ask, Store } from "../namespace/node-store.ts";
import { payloadDigest, payloadMessageId } from "./payload.ts";
import { localStreams, metaSize, type StreamDetail, streamEvent } from "./stream-info.ts";

type Tell = (event: HistoryEvent) => void;

const streamsPath = "/jsz?accounts=true&streams=true&config=true";
const probe = { stream: "triad_probe", subject: "triad.probe" };

/**
 * Emits `stored` for every message the stream holds now from that offset on, asked for one by one of the stream's leader, many at a time.
 * No consumer but for a long stream, and then only for its whole: one of those is placed on a single server, which may be the one that is down.
 *
 * @throws when it could not be read to its end in time.
 */
export async function readStream(request: AuditRequest, tell: Tell): Promise<{ messages: number }> {
  const untilNs = nowNs() + request.timeoutMs * 1e6;
  const leftMs = () => Math.max(1, (untilNs - nowNs()) / 1e6);
  await using store = await Store.open(request.pid, Math.min(2_000, request.timeoutMs));
  const { nc } = store;
  const { state } = await ask<StreamInfo>(nc, `STREAM.INFO.${request.stream}`, {
    timeoutMs: Math.min(5_000, leftMs()),
  });
  const api = `$JS.API.STREAM.MSG.GET.${request.stream}`;
  let next = Math.max(state.first_seq, request.firstOffset);
  const count = state.last_seq - next + 1;
  if (
    request.isOfLeader !== true &&
    count > pagedFrom &&
    (await readPaged(nc, { request, after: next - 1, last: state.last_seq, leftMs }, tell)) === count
  )
    return { messages: count };
  let messages = 0;
  /** A leader that is just changing refuses or is silent; it is asked again until the deadline. */
  const readOne = async (seq: number): Promise<StoredAnswer["message"]> => {
    for (let why = "no answer"; ;) {
      const answer = await nc
        .request(api, JSON.stringify({ seq }), { timeout: Math.min(1_000, leftMs()) })
        .catch(() => undefined);
      const { message, error } = answer?.json<StoredAnswer>() ?? {};
      if (message || error?.err_code === noMessageFound) return message; // removed, or never there
      why = error?.description ?? why;
      if (leftMs() <= 1) throw new Error(`message ${seq}: ${why}`);
      await delay(100);
    }
  };
  const reader = async (): Promise<void> => {
    while (next <= state.last_seq) {
      const seq = next++;
      const message = await readOne(seq);
      if (!message) continue;
      const payload = Buffer.from(message.data ?? "", "base64");
      // A store that wrote it without the header has the fact all the same.
      const messageId = messageIdIn(message.hdrs ?? "") || payloadMessageId(payload);
      const digest = payloadDigest(payload);
      tell({ t: nowNs(), type: "stored", offset: seq, messageId, digest });
      messages += 1;
    }
  };
  if (state.messages > 0) await Promise.all(Array.from({ length: readersMax }, reader));
  return { messages };
}

/** Streams longer than this are read in pages first: asking for each message costs the servers some twenty times as much. */
const pagedFrom = 3_000;
const pageFacts = 500;

/**
 * Emits `stored` for the messages after an offset, through a consumer. @returns how many. It is placed on a single server, which may be
 * down, or behind: whoever asks must know from the leader how many there are, and ask for each of them when not all came.
 */
async function readPaged(
  nc: NatsConnection,
  from: { request: AuditRequest; after: number; last: number; leftMs: () => number },
  tell: Tell,
): Promise<number> {
  const { request, after, last, leftMs } = from;
  const timeoutMs = () => Math.min(5_000, leftMs() / 2);
  let messages = 0;
  try {
    const options = { stream: request.stream, after, filter: ">" };
    using reader = await StreamReader.open(nc, options, timeoutMs());
    while (reader.after < last) {
      const page = await reader.page(pageFacts, timeoutMs());
      if (page.length === 0) break;
      for (const { sequence, header, data } of page.filter((one) => one.sequence <= last)) {
        const messageId = header("Nats-Msg-Id") || payloadMessageId(data);
        tell({ t: nowNs(), type: "stored", offset: sequence, messageId, digest: payloadDigest(data) });
        messages += 1;
      }
    }
  } catch {
    // Told by the count.
  }
  return messages;
}

interface StoredAnswer {
  message?: { hdrs?: string; data?: string };
  error?: { err_code?: number; description?: string };
}

const readersMax = 64;
/** JetStream's error code for a sequence without a message. */
const noMessageFound = 10037;

/** Of a header block in base64, as STREAM.MSG.GET gives it. */
function messageIdIn(hdrs: string): string {
  return /^Nats-Msg-Id:\s*(.*?)\s*$/im.exec(Buffer.from(hdrs, "base64").toString("utf8"))?.[1] ?? "";
}

/** Emits `stream` for each; by the streams' leaders where they answer, else by what the server itself believes. */
export async function askStreams(request: ServerQuery, tell: Tell): Promise<{ streams: string[]; voters: number }> {
  const { node, pid, timeoutMs } = request;
  const local = await getJson(pid, streamsPath, timeoutMs);
  const known = localStreams(local);
  let why = "";
  const answers = new Map<string, StreamDetail>();
  try {
    await using store = await Store.open(pid, Math.min(1_000, timeoutMs));
    const { nc } = store;
    const each = known.map(async ({ name }) => {
      try {
        answers.set(name, { name, ...(await ask<StreamInfo>(nc, `STREAM.INFO.${name}`, { timeoutMs })) });
      } catch {
        // Told below with the server's own belief.
      }
    });
    await Promise.all(each);
  } catch (error) {
    why = messageOf(error);
  }
  for (const info of known) {
    const answer = answers.get(info.name);
    const event: StreamEvent = streamEvent(node, answer ?? info, nowNs());
    tell(answer ? event : { ...event, error: why || "the stream's leader did not answer" });
  }
  return { streams: known.map(({ name }) => name), voters: metaSize(local) };
}

/** Emits `quorum`: is a write to a three-replica stream of our own acknowledged? Made by the first such errand. */
export async function tryWrite(request: ServerQuery, tell: Tell): Promise<{ isAcknowledged: boolean; error?: string }> {
  const { node, pid, timeoutMs } = request;
  let outcome: { isAcknowledged: boolean; error?: string };
  try {
    await using store = await Store.open(pid, Math.min(1_000, timeoutMs));
    outcome = await publish(store.nc, timeoutMs);
  } catch (error) {
    outcome = { isAcknowledged: false, error: messageOf(error) };
  }
  tell({ t: nowNs(), type: "quorum", node, ...outcome });
  return outcome;
}

async function publish(nc: NatsConnection, timeoutMs: number): Promise<{ isAcknowledged: boolean }> {
  const write = () => nc.jetstream({ timeout: timeoutMs }).publish(probe.subject, String(nowNs()));
  try {
    await write();
  } catch (error) {
    // 503: nobody listens on the subject, so the stream is not there yet, or is out of reach.
    if ((error as { code?: string }).code !== "503") throw error;
    const body = {
      name: probe.stream,
      subjects: [probe.subject],
      num_replicas: 3,
      max_msgs: 10,
      storage: StorageType.Memory,
      retention: "limits",
      discard: "old",
      duplicate_window: nanos(1_000),
    };
    await ask(nc, `STREAM.CREATE.${probe.stream}`, { timeoutMs: Math.max(timeoutMs, 2_000), body });
    await write();
  }
  return { isAcknowledged: true };
}
