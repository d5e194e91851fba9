// What a transfer of one stream is asked for and answers. A transfer is a process of the agent of its own, since its
// stdin or stdout is the stream's bytes: the request is its one argument, the answer the last line of its stderr.

import type { StreamFigures } from "#spec/snapshot.ts";

/** Bytes come on stdout, in JetStream's snapshot format. Answers Taken. */
export interface TakeStreamRequest {
  do: "take-stream";
  /** Whose server is asked; the stream's leader sends. */
  pid: number;
  stream: string;
  hasConsumers: boolean;
  /** Longest without a byte. */
  stallMs: number;
}

export interface Taken {
  bytes: number;
  config: Record<string, unknown>;
  before: StreamFigures;
  after: StreamFigures;
  server: string;
}

/** Bytes go in on stdin. The stream must not exist. Answers {figures}. */
export interface PutStreamRequest {
  do: "put-stream";
  pid: number;
  stream: string;
  bytes: number;
  config: Record<string, unknown>;
  figures: StreamFigures;
  stallMs: number;
}

export interface Put {
  figures: StreamFigures;
}

export type TransferRequest = TakeStreamRequest | PutStreamRequest;

export type TransferAnswer = { value: Taken | Put } | { error: string };
