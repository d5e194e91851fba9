// What the agent's client role is asked, and the census by which a load that is not told call by call is held against the streams. Types
// only.

import type { NodeName } from "#spec/node.ts";

/** Client: run open-loop calls until `stop`. Certificates are files in the agent. */
export interface LoadRequest {
  do: "load";
  /** host:port that TLS and HTTP/2 are opened to. */
  target: string;
  /** Name the server's certificate must carry. */
  serverName: string;
  certificates: { ca: string; certificate: string; key: string };
  zoneId: string;
  /** Whom the facts are for. */
  toZone: string;
  /** Prefix of process names, e.g. "client" or "alpha". */
  name: string;
  appendPerS: number;
  /** Pages a second of the FetchFacts reader; 0 for none. */
  fetchPerS: number;
  callTimeoutMs: number;
  connectTimeoutMs: number;
  /** No operation is told; `stop` says which were acknowledged. For loads too large to be written down call by call. */
  isQuiet?: true;
  /** First message and operation number, so that several clients of a history do not collide. */
  firstOp: number;
  seed: number;
  /** SHA-256 fingerprints (lower-case hex, no colons) of every server certificate that a node may show. */
  fingerprints: Record<string, NodeName>;
}

export interface StopRequest {
  do: "stop";
}

/** Client: the running load goes on at this rate, or with so many appends at a time, each followed by the next. */
export type PaceRequest = { do: "pace"; appendPerS: number } | { do: "pace"; inFlight: number };

/** Client: how far the load is. Replies {ok}. */
export interface HowFarRequest {
  do: "how-far";
}

/** Reads the message id of every fact in the stream, on a node's loopback. Replies a Census. */
export interface AuditIdsRequest {
  do: "audit-ids";
  pid: number;
  stream: string;
  timeoutMs: number;
}

/** Numbers as stretches [first, last], in order: what is without gaps is short. */
export type Stretches = [number, number][];

/** Facts of a stream by the client that made them: ids are `<client>-<number>`. */
export interface IdAudit {
  messages: number;
  byClient: Record<string, Stretches>;
  /** Ids that are in the stream more than once, or are no client's; the first few. */
  twice: string[];
  strange: string[];
}
