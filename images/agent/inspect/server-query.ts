// Errands to a node's server, each with a deadline of its own on top of the time-outs that it keeps itself.

import type { HistoryEvent } from "#history/event.ts";
import type { AttemptRequest, AuditRequest, QuorumRequest, ServerRequest, StreamsRequest } from "#protocol/message.ts";
import { attemptAll } from "./attempt.ts";
import { askServer } from "./server-info.ts";
import { askStreams, readStream, tryWrite } from "./store-queries.ts";

/** Over the errand's own time-out: opening the door and closing it. */
const graceMs = 3_000;

type Errand = AuditRequest | StreamsRequest | QuorumRequest | ServerRequest | AttemptRequest;

type Tell = (event: HistoryEvent) => void;

const errands = {
  audit: readStream,
  streams: askStreams,
  quorum: tryWrite,
  server: async (request: ServerRequest, tell: Tell) => tell(await askServer(request)),
  attempt: async (request: AttemptRequest, tell: Tell) => (await attemptAll(request)).forEach(tell),
};

/** @throws what the errand says, or when it gives no result in time; what it does after that is no longer told. */
export async function runErrand(errand: Errand, emit: Tell): Promise<unknown> {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const deadlineMs = errand.timeoutMs + graceMs;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${errand.do} gave no result in ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([errands[errand.do](errand as never, (event) => isOver || emit(event)), late]);
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
}
