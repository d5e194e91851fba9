// Asks about all streams that a node's server knows. Each stream's leader answers. If it does not, the event has the
// server's own view.

import { nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { ServerQuery } from "#protocol/commands/server.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import { getJson } from "../namespace/monitor-port.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";
import type { Emit } from "../role/outlet.ts";
import { localStreams, metaSize, type StreamDetail, streamEvent } from "./stream-info.ts";

const streamsPath = "/jsz?accounts=true&streams=true&config=true";

/** Emits one `stream` event for each. @throws when the server does not answer at all. */
export async function emitStreams(request: ServerQuery, emit: Emit): Promise<{ streams: string[]; voters: number }> {
  const { node, pid, timeoutMs } = request;
  const local = await getJson(pid, streamsPath, timeoutMs);
  const known = localStreams(local);
  let why = "";
  const answers = new Map<string, StreamDetail>();
  try {
    await using server = await ServerConnection.open(pid, Math.min(1_000, timeoutMs));
    const { nc } = server;
    const each = known.map(async ({ name }) => {
      try {
        answers.set(name, { name, ...(await askJetStream<StreamInfo>(nc, `STREAM.INFO.${name}`, { timeoutMs })) });
      } catch {
        // Reported below, with the server's own view.
      }
    });
    await Promise.all(each);
  } catch (error) {
    why = messageOf(error);
  }
  for (const info of known) {
    const answer = answers.get(info.name);
    const event = streamEvent(node, answer ?? info, nowNs());
    emit(answer ? event : { ...event, error: why || "the stream's leader did not answer" });
  }
  return { streams: known.map(({ name }) => name), voters: metaSize(local) };
}
