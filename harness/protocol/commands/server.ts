// What the actuator asks a node's nats-server, and what it does there. Every connection goes to the node's loopback.
// Types only.

import type { Act, NoInput, OnNamedNode, OnNode } from "./command.ts";
import type { Stretches } from "./client.ts";

/** A query to the server of one node, whose events name the node. */
export interface ServerQuery extends OnNamedNode {
  timeoutMs: number;
}

/** Reads the fact stream from an offset on. Emits `stored` events. */
export interface AuditRequest extends ServerQuery {
  stream: string;
  /** First offset of interest. 1: everything. */
  firstOffset: number;
  /** Asks the stream's leader for each message, however many there are. A consumer may read another replica. */
  isOfLeader?: true;
}

/** Reads what a stream holds up to an offset. Emits an `older` event, also when it could not be read. */
export interface ReadOlderRequest extends ServerQuery {
  stream: string;
  label: "start" | "end";
  /** Below 1: there is nothing to read. */
  upTo: number;
}

/** Reads the message id of every fact in the stream. */
export interface AuditIdsRequest extends OnNode {
  stream: string;
  timeoutMs: number;
}

/** Facts of a stream by the client that made them. An id is `<client>-<number>`. */
export interface IdAudit {
  messages: number;
  byClient: Record<string, Stretches>;
  /** The first few ids that are in the stream more than once, and the first few that no client made. */
  twice: string[];
  strange: string[];
}

/** One call of JetStream's API. */
export interface AskStoreRequest extends OnNode {
  /** Without "$JS.API.". */
  api: string;
  /** For calls that only an operator may make. Absent: the call of any client. */
  login?: { user: string; password: string };
  body?: unknown;
  timeoutMs: number;
}

/** One page of the monitoring port. */
export interface AskMonitorRequest extends OnNode {
  path: string;
  timeoutMs: number;
}

/** JSON of nats-server, as it came. */
export interface ServerAnswer {
  answer: unknown;
}

/** Publishes random messages to a stream, each acknowledged. A durable consumer then acknowledges some of them. */
export interface FillRequest extends OnNode {
  stream: string;
  subject: string;
  /** Prefix of the message ids. A second fill needs another one. */
  prefix: string;
  messages: number;
  bytesEach: number;
  consumer: string;
  /** How many of the messages the consumer acknowledges. */
  acknowledged: number;
  timeoutMs: number;
}

/** Deletes messages of a stream one by one, as an application may. */
export interface DeleteMessagesRequest extends OnNode {
  stream: string;
  sequences: number[];
}

/**
 * Reads every replica of these streams separately. A consumer with one replica reads from its own server's store.
 * Emits a `replica-dump` event for each. `from`: the first sequence of interest by stream; 1 when absent.
 */
export interface DumpReplicasRequest extends OnNode {
  label: string;
  streams: string[];
  from: Record<string, number>;
  timeoutMs: number;
}

/** Starts a server on the client host that is not one of the zone: the binary of `pid`'s node, this configuration. */
export interface StartRogueServerRequest extends OnNode {
  /** nats.conf; the agent fills in `__STORE__`. */
  config: string;
}

export interface RogueServerState {
  /** Addresses that it had a route connection with. */
  met: string[];
  /** Addresses that refused it, with the server's words. */
  refused: Record<string, string>;
  /** How it ended, if it did. */
  end: string | null;
}

export interface ServerCommands {
  audit: Act<AuditRequest, { messages: number }>;
  "read-older": Act<ReadOlderRequest, void>;
  /** Emits one `stream` event for each stream. */
  streams: Act<ServerQuery, { streams: string[]; voters: number }>;
  /** Tries one write to the probe subject. Emits a `quorum` event. */
  quorum: Act<ServerQuery, { isAcknowledged: boolean; error?: string }>;
  /** Asks a server about itself. Emits a `server` event, also when there is no answer. */
  server: Act<ServerQuery, void>;
  "audit-ids": Act<AuditIdsRequest, IdAudit>;
  /** An error answer of the server is a reply too. */
  "ask-store": Act<AskStoreRequest, ServerAnswer>;
  "ask-monitor": Act<AskMonitorRequest, ServerAnswer>;
  fill: Act<FillRequest, { messages: number; bytes: number; acknowledged: number }>;
  "delete-messages": Act<DeleteMessagesRequest, { deleted: number }>;
  "dump-replicas": Act<DumpReplicasRequest, { replicas: number }>;
  "start-rogue-server": Act<StartRogueServerRequest, void>;
  "read-rogue-server": Act<NoInput, RogueServerState>;
  /** Idempotent. */
  "stop-rogue-server": Act<NoInput, { end: string }>;
}
