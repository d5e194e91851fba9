// Reads what a stream holds up to an offset, and emits its count and one digest over whole messages: sequence, headers
// and payload. Two such readings show whether anything of it was lost or altered in between.

import { createHash } from "node:crypto";
import { nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { OlderEvent } from "#history/event.ts";
import type { ReadOlderRequest } from "#protocol/commands/server.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import type { Emit } from "../role/outlet.ts";
import { type ReadMessage, StreamReader } from "./stream-reader.ts";

const pageMessages = 500;
/** A consumer reads one replica, and each new one may be on another server. A replica may be behind for a moment. */
const readersMax = 4;

type Read = Pick<OlderEvent, "messages" | "digest">;

/** Emits an `older` event, with the reason where the part was not read to its end. Never rejects. */
export async function readOlder(request: ReadOlderRequest, emit: Emit): Promise<void> {
  const { node, label, stream, upTo } = request;
  const event = (read: Partial<Read> & { error?: string }): OlderEvent => {
    return { t: nowNs(), type: "older", node, label, stream, upTo, messages: 0, digest: "", ...read };
  };
  try {
    emit(event(upTo < 1 ? {} : await readUpTo(request)));
  } catch (error) {
    emit(event({ error: messageOf(error) }));
  }
}

/** @throws when no replica could be read as far as the leader's last sequence, or up to the offset, in time */
async function readUpTo({ pid, stream, upTo, timeoutMs }: ReadOlderRequest): Promise<Read> {
  const untilNs = nowNs() + timeoutMs * 1e6;
  const leftMs = () => Math.max(1, Math.min(5_000, (untilNs - nowNs()) / 1e6));
  await using server = await ServerConnection.open(pid, leftMs());
  const { nc } = server;
  const { state } = await askJetStream<StreamInfo>(nc, `STREAM.INFO.${stream}`, { timeoutMs: leftMs() });
  const last = Math.min(upTo, state.last_seq);
  let readTo = 0;
  for (let tries = 0; tries < readersMax; tries += 1) {
    using reader = await StreamReader.open(nc, { stream, after: 0 }, leftMs());
    const hash = createHash("sha256");
    let messages = 0;
    while (reader.lastSequence < last) {
      const page = await reader.page(pageMessages, leftMs());
      if (page.length === 0) break;
      for (const message of page.filter(({ sequence }) => sequence <= upTo)) {
        hash.update(textOf(message)).update(message.data);
        messages += 1;
      }
    }
    readTo = reader.lastSequence;
    if (readTo >= last) return { messages, digest: hash.digest("hex") };
  }
  throw new Error(`read up to ${readTo} of ${last}`);
}

/** Headers in the order of their names. */
function textOf({ sequence, subject, headers, data }: ReadMessage): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`).toSorted();
  return [`${sequence} ${subject} ${data.length}`, ...lines, ""].join("\n");
}
