// Events of client calls, and of the facts read back from a server. They come by the million; event-table.ts keeps them
// as columns. Types only.

import type { NodeName } from "#spec/node.ts";
import type { Page } from "../page.ts";

export type OperationName = "append" | "fetch" | "confirm" | "put" | "get" | "health";

/** A client call. `invoke` is followed by exactly one of ok / fail / info with the same `op`. */
export interface OperationEvent {
  t: number;
  type: "invoke" | "ok" | "fail" | "info";
  /** Unique in one history. */
  op: number;
  /**
   * Logical client with one open operation at a time. `client-0…` run on the client host, `alpha-0` inside that node.
   */
  process: string;
  f: OperationName;
  /** append: message id, and the SHA-256 of the whole message. put, ok of get: SHA-256 of the content. */
  messageId?: string;
  digest?: string;
  /** put, get, and an append that names an artifact: its bucket/key. */
  key?: string;
  /**
   * invoke of confirm: offset asked for. ok of append and confirm: offset answered. ok of fetch: last offset of the
   * page.
   */
  offset?: number;
  /** append of a fact that an earlier load had acknowledged: the offset that was answered then. */
  firstOffset?: number;
  /** append: a known message id with another payload. */
  isOther?: true;
  /** invoke of fetch: most facts that were asked for. ok of fetch: number of facts in the page. */
  count?: number;
  /** ok of fetch: the page, in the order of the answer. */
  page?: Page;
  /** ok: the node whose server certificate answered. */
  node?: NodeName;
  /** fail / info: transport or RPC code. */
  error?: string;
}

/** One message of the fact stream, as a server read it back. */
export interface StoredEvent {
  t: number;
  type: "stored";
  offset: number;
  messageId: string;
  digest: string;
}

/** What a stream held up to an offset, read whole: at the start and at the end of a scenario. */
export interface OlderEvent {
  t: number;
  type: "older";
  /** Whose server was asked. */
  node: NodeName;
  label: "start" | "end";
  stream: string;
  /** The last offset that was read. Everything up to it was stored before the first acknowledged fact. */
  upTo: number;
  messages: number;
  /** SHA-256 over every message: sequence, subject, headers, payload. Empty where nothing was to be read. */
  digest: string;
  /** Why the part was not read to its end. */
  error?: string;
}
