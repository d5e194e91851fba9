// Deletes messages of a stream by sequence, over one connection. A lost answer leaves it open whether the message is
// gone, so the deletion is repeated. "No message found" then means that it was deleted.

import { messageOf } from "#base/errors.ts";
import type { DeleteMessagesRequest } from "#protocol/commands/server.ts";
import { askJetStream, ServerConnection } from "../namespace/server-connection.ts";

const connectTimeoutMs = 2_000;
const askTimeoutMs = 3_000;
const attemptsMax = 5;

/** @throws when the server refuses, or does not answer in five attempts */
export async function deleteMessages(request: DeleteMessagesRequest): Promise<{ deleted: number }> {
  await using server = await ServerConnection.open(request.pid, connectTimeoutMs);
  for (const seq of request.sequences) {
    for (let attempt = 1; ; attempt++) {
      const why = await askJetStream(server.nc, `STREAM.MSG.DELETE.${request.stream}`, {
        timeoutMs: askTimeoutMs,
        body: { seq },
      }).then(() => null, messageOf);
      if (why === null || (attempt > 1 && /no message found/.test(why))) break;
      if (why !== "TIMEOUT" || attempt === attemptsMax) throw new Error(`message ${seq}: ${why}`);
    }
  }
  return { deleted: request.sequences.length };
}
