// What the client is asked: a load, its rate and its totals. Types only.

import type { NodeName } from "#spec/node.ts";
import type { Command, NoInput } from "./command.ts";

/** Files in the agent's container. */
export interface CertificateFiles {
  ca: string;
  certificate: string;
  key: string;
}

/** Makes open-loop calls until `stop`. */
export interface LoadRequest {
  /** host:port that TLS and HTTP/2 are opened to. */
  target: string;
  /** Name that the server's certificate must carry. */
  serverName: string;
  certificates: CertificateFiles;
  zoneId: string;
  /** The zone that the facts are meant for. */
  toZone: string;
  /** Prefix of process names, for example "client" or "alpha". */
  name: string;
  appendPerS: number;
  /** Absent: nothing is fetched. */
  reading?: Reading;
  /**
   * Facts are sent again at most this long after they were acknowledged, in ms. Absent: for some tenths of a second
   * only, never those of an earlier load, and no message id is sent with another payload.
   */
  repeatMaxMs?: number;
  /** Sends no fact of an earlier load: the zone may have been restored since. */
  forgets?: true;
  callTimeoutMs: number;
  connectTimeoutMs: number;
  /** Emits no operation; `stop` lists what was acknowledged. For loads too large to record call by call. */
  isQuiet?: true;
  /** First message and operation number, so that several clients of a history do not collide. */
  firstOp: number;
  seed: number;
  /** SHA-256 fingerprints (lower-case hex, no colons) of every server certificate that a node may show. */
  fingerprints: Record<string, NodeName>;
}

/** Who fetches and confirms, and how much. */
export interface Reading {
  /** Consumer names. They take turns. */
  consumers: string[];
  /** Pages a second, of all consumers together. */
  pagesPerS: number;
  /** Most facts of a page. */
  pageLimit: number;
  /**
   * The consumers begin behind the first fact that this load has acknowledged, by a confirmation. Else they go on where
   * their cursors stand.
   */
  isSample?: true;
  /** Where each cursor stood when the former load was drained. */
  cursors?: Record<string, number>;
}

/** The new rate of a running load, or how many appends it keeps in flight. */
export type Pace = { appendPerS: number } | { inFlight: number };

/** Numbers as stretches [first, last], in order: short where there are no gaps. */
export type Stretches = [number, number][];

/** Operations by outcome. `skipped` beats found no free process or came too late; they are not operations. */
export interface LoadTotals {
  invoked: number;
  ok: number;
  fail: number;
  info: number;
  skipped: number;
  /** Numbers of the acknowledged appends. Only a quiet load has them. */
  acknowledged?: Stretches;
}

/** How far a consumer has come. */
export interface ReaderEnd {
  name: string;
  /** The last offset that was confirmed with an answer. */
  confirmed: number;
  /** It was served all up to the last fact that the load had acknowledged, and then nothing more of it. */
  isDone: boolean;
  /** Why not. */
  saw?: string;
}

export interface Drained {
  readers: ReaderEnd[];
  /** Calls of the drain alone. */
  totals: LoadTotals;
}

export interface ClientCommands {
  load: Command<"client", LoadRequest, void>;
  pace: Command<"client", Pace, void>;
  /** Calls answered with OK so far. */
  "how-far": Command<"client", NoInput, { ok: number }>;
  /** Ends the load. Open calls end first, each by its own timeout. `keepsOpen`: a drain follows. */
  stop: Command<"client", { keepsOpen?: true }, LoadTotals>;
  /** After `stop`: the consumers read until they have all that was acknowledged, or until the deadline. */
  drain: Command<"client", { deadlineMs: number }, Drained>;
}
