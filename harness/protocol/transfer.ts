// What a transfer of one stream is asked for and what it replies. A transfer is an agent process of its own, because
// its stdin or stdout carries the stream's bytes. The request is its one argument, the reply the last line of its
// stderr.

import type { StreamFigures } from "#spec/snapshot.ts";

/** Bytes come on stdout, in JetStream's snapshot format. */
export interface TakeStreamRequest {
  /** A node's first process. Its server is asked; the stream's leader sends. */
  pid: number;
  stream: string;
  hasConsumers: boolean;
  /** Limit for a time without a byte. */
  stallMs: number;
}

export interface Taken {
  bytes: number;
  config: Record<string, unknown>;
  before: StreamFigures;
  after: StreamFigures;
  server: string;
}

/** Bytes go in on stdin. The stream must not exist. */
export interface PutStreamRequest {
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

/** Every transfer: name -> request, reply. As `Commands`, but for a process that serves one request. */
export interface Transfers {
  "take-stream": { request: TakeStreamRequest; reply: Taken };
  "put-stream": { request: PutStreamRequest; reply: Put };
}

export type TransferName = keyof Transfers;

export type TransferRequest<Name extends TransferName = TransferName> = {
  [Each in Name]: { do: Each } & Transfers[Each]["request"];
}[Name];

export type TransferReply<Name extends TransferName = TransferName> = Transfers[Name]["reply"];

export type TransferAnswer = { value: TransferReply } | { error: string };
