// A stream's figures in our words. Field names as in nats-server 2.10. Pure.

import type { StreamFigures } from "#spec/snapshot.ts";

export interface StreamState {
  messages: number;
  bytes: number;
  first_seq: number;
  last_seq: number;
}

export function figuresOf({ messages, bytes, first_seq: firstSeq, last_seq: lastSeq }: StreamState): StreamFigures {
  return { messages, bytes, firstSeq, lastSeq };
}
