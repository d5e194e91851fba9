// What is written down of a loss and of what comes back from it: what replicas hold, and what people are told. Types only; they
// are events of a history like those of event.ts.

import type { NodeName } from "#spec/node.ts";

/** What one replica of a stream holds, read from the store of that node and of no other. */
export interface ReplicaDumpEvent {
  t: number;
  type: "replica-dump";
  /** Which of the scenario's inventories. */
  label: string;
  node: NodeName;
  stream: string;
  /** Sequences that were read. */
  from: number;
  to: number;
  messages: number;
  /** SHA-256 over the messages of each block that holds one; see inventory.ts. */
  blocks: Record<string, string>;
  /** Durable consumers as the stream's leader lists them, and how far each came. */
  consumers: { name: string; deliveredSeq: number; ackedSeq: number }[];
}

/** Texts of one kind were searched for a claim of recovery to any instant. */
export interface TextsEvent {
  t: number;
  type: "texts";
  /** E.g. "help", "docs", "manifest", "alpha". */
  kind: string;
  read: number;
  /** Sentences that claim it. */
  claims: { place: string; sentence: string }[];
  /** Sentences that say there is none. */
  denials: number;
}
