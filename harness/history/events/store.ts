// Events of what nodes store: streams and their replicas, artifacts, and what the texts promise about a restore. Types
// only.

import type { NodeName } from "#spec/node.ts";

/** A server's answer about a stream's replicas, asked by the agent on the node's own loopback. */
export interface StreamEvent {
  t: number;
  type: "stream";
  /** Whose server was asked. */
  node: NodeName;
  stream: string;
  leader: string | null;
  /** Every replica but the leader, as the server names it. */
  replicas: { name: string; isCurrent: boolean; lag: number }[];
  messages: number;
  error?: string;
}

/** A write to JetStream tried on a node's loopback: was it acknowledged? */
export interface QuorumEvent {
  t: number;
  type: "quorum";
  node: NodeName;
  isAcknowledged: boolean;
  error?: string;
}

/** What one replica of a stream holds, read from the store of that node alone. */
export interface ReplicaDumpEvent {
  t: number;
  type: "replica-dump";
  /** Which dump of the scenario, e.g. "returned". */
  label: string;
  node: NodeName;
  stream: string;
  /** Sequences that were read. */
  from: number;
  to: number;
  messages: number;
  /** SHA-256 over the messages of each block that holds one; see replica-dump.ts. */
  blocks: Record<string, string>;
  /** Durable consumers as the stream's leader lists them, and how far each has read. */
  consumers: { name: string; deliveredSeq: number; ackedSeq: number }[];
}

/** The files under a folder of a node, as they are on its disk. */
export interface FilesEvent {
  t: number;
  type: "files";
  node: NodeName;
  folder: string;
  /** Paths below `folder`; SHA-256 in lower-case hex. */
  files: { path: string; bytes: number; digest: string }[];
}

/** A folder of a node was searched for an artifact's content: as it is, in base64 and in hex. */
export interface SearchEvent {
  t: number;
  type: "search";
  node: NodeName;
  folder: string;
  /** Which artifact: bucket/key. */
  key: string;
  filesRead: number;
  bytesRead: number;
  /** Paths below `folder` that hold part of it. */
  found: string[];
}

/** Texts of one kind were searched for sentences that claim a restore to any instant. */
export interface TextsEvent {
  t: number;
  type: "texts";
  /** E.g. "help", "docs", "manifest", "alpha". */
  kind: string;
  read: number;
  /** Sentences that claim it. */
  claims: { place: string; sentence: string }[];
  /** Number of sentences that deny it. */
  denials: number;
}
