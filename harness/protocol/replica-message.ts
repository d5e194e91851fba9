// What the hand is asked about a node's store: plain questions to its server, what its replicas hold, bulk for it, and its
// loss. Types only, as in message.ts.

/** Empties folders of a node that is frozen, the folders themselves stay. Replies {folders}. */
export interface WipeRequest {
  do: "wipe";
  pid: number;
  folders: string[];
}

export interface WipeReply {
  /** What was in each; `left` is what a look afterwards still found. */
  folders: { path: string; files: number; bytes: number; left: number }[];
}

/** Publishes messages that look random to a stream, each acknowledged, and lets a durable consumer acknowledge some. */
export interface FillRequest {
  do: "fill";
  pid: number;
  stream: string;
  subject: string;
  /** Of the message ids: what is filled twice must not be the same. */
  prefix: string;
  messages: number;
  bytesEach: number;
  consumer: string;
  /** How many of the messages the consumer acknowledges. */
  acknowledged: number;
  timeoutMs: number;
}

/**
 * Reads streams from each of their replicas apart, by a consumer of one replica that its server reads from its own store;
 * emits an `inventory` event for each. `from`: the first sequence of interest, by stream; 1 when absent.
 */
export interface DumpReplicasRequest {
  do: "dump-replicas";
  pid: number;
  label: string;
  streams: string[];
  from: Record<string, number>;
  timeoutMs: number;
}

/** One call of JetStream's API on a node's loopback. Replies {answer}, also when the server's answer is an error. */
export interface AskStoreRequest {
  do: "ask-store";
  pid: number;
  /** Without "$JS.API.". */
  api: string;
  /** For what only an operator may do; without it the call is any client's. */
  login?: { user: string; password: string };
  body?: unknown;
  timeoutMs: number;
}

/** One page of the monitoring port on a node's loopback. Replies {answer}. */
export interface AskMonitorRequest {
  do: "ask-monitor";
  pid: number;
  path: string;
  timeoutMs: number;
}

/** Deletes messages of a stream, one by one, as an application may. Replies {deleted}. */
export interface DeleteMessagesRequest {
  do: "delete-messages";
  pid: number;
  stream: string;
  sequences: number[];
}

export type ReplicaRequest =
  | DeleteMessagesRequest
  | AskStoreRequest
  | AskMonitorRequest
  | WipeRequest
  | FillRequest
  | DumpReplicasRequest;
