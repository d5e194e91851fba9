// What is written down of a run: one event a line, stamped with CLOCK_MONOTONIC nanoseconds by whoever saw it.
// Types only. A reader sorts by `t`; equal stamps keep their order in the file.

import type { NodeName, Segment } from "#spec/node.ts";

export const historyFormat = "triad-history/1";

/** First line of a history: what was planned, before anything ran. */
export interface HistoryHeader {
  format: typeof historyFormat;
  suite: string;
  scenario: string;
  repeat: number;
  seed: number;
  /** Entries this scenario was planned to decide. */
  entries: string[];
  /** Faults in planned order; what ran must equal it. */
  plannedFaults: { fault: string; nodes: NodeName[] }[];
  /** Facts of the zone that a checker needs. */
  zone: {
    vip: string;
    rpcPort: number;
    nodes: Record<NodeName, { zoneAddress: string; controlAddress?: string; certificate?: string }>;
    spec: Record<string, unknown>;
  };
  bounds: Record<string, number>;
}

export type OperationName = "append" | "fetch" | "confirm" | "put" | "get" | "health";

/** A client call. `invoke` is followed by exactly one of ok / fail / info with the same `op`. */
export interface OperationEvent {
  t: number;
  type: "invoke" | "ok" | "fail" | "info";
  /** Unique in one history. */
  op: number;
  /** Logical client; one open operation at a time. `client-0…` sit on the client host, `alpha-0` inside that node. */
  process: string;
  f: OperationName;
  /** append: message id and a digest of the payload. */
  messageId?: string;
  digest?: string;
  /** ok of append: the offset; ok of fetch: how many facts and the last offset. */
  offset?: number;
  count?: number;
  /** ok: the node whose server certificate answered. */
  node?: NodeName;
  /** fail / info: transport or RPC code, one of probes/outcome.ts. */
  error?: string;
}

/** The agent saw a node differ from its last look. `sinceNs` is that last look: the change lies in (sinceNs, t]. */
export interface ObservedEvent {
  t: number;
  type: "observed";
  node: NodeName;
  sinceNs: number;
  /** PID 1 of the node exists. */
  isAlive: boolean;
  /** The VIP is among the addresses of the node's network namespace. */
  ownsVip: boolean;
  /** Local addresses in state LISTEN on the RPC port, as "198.18.0.10:9443". */
  listens: string[];
  /** Tasks of the node do not run (cgroup freezer), as far as the agent can see. */
  isFrozen: boolean;
  /** keepalived's last transition as its notify script wrote it; the node's own word, used for "is BACKUP" only. */
  role?: string;
  /** PID and start (CLOCK_MONOTONIC ns, 10 ms steps) of the process that owns the listener. */
  controller?: { pid: number; startedNs: number };
}

/** Once a second from the observer: how well it looked. Silence means it missed something. */
export interface LookEvent {
  t: number;
  type: "looks";
  looks: number;
  gapMaxNs: number;
  /** CPU the agent used since the last such event. */
  cpuNs: number;
}

/** A fault's life. `intended` is on disk before anything is done; `effective` carries the proof. */
export interface FaultEvent {
  t: number;
  type: "fault";
  phase: "intended" | "injecting" | "effective" | "healing" | "healed" | "impossible" | "failed";
  fault: string;
  /** Unique in one history. */
  id: number;
  nodes: NodeName[];
  /** effective, healed: what proves it, e.g. "container exited 137", "nft counter 14 packets". */
  proof?: string;
  detail?: Record<string, unknown>;
}

/** A node's container came or went, by the daemon's event stream. */
export interface NodeEvent {
  t: number;
  type: "node";
  node: NodeName;
  phase: "started" | "exited" | "paused" | "resumed" | "thrown-away";
  pid?: number;
}

/** A boundary of the scenario script. */
export interface MarkEvent {
  t: number;
  type: "mark";
  mark:
    | "zone-created"
    | "zone-ready"
    | "load-started"
    | "steady"
    | "provoked"
    | "failed-over"
    | "held"
    | "read-back"
    | "repaired"
    | "recovered"
    | "load-stopped"
    | "audited";
  detail?: Record<string, unknown>;
}

/** One message of the fact stream as a server read it back after the zone healed. */
export interface StoredEvent {
  t: number;
  type: "stored";
  offset: number;
  messageId: string;
  digest: string;
}

/** A server's answer about a stream's replicas, read on the node's own loopback by the agent. */
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

/** The outcome of a write to JetStream asked on a node's loopback: does anything acknowledge there? */
export interface QuorumEvent {
  t: number;
  type: "quorum";
  node: NodeName;
  isAcknowledged: boolean;
  error?: string;
}

/** A VRRP advertisement seen in a node's namespace. */
export interface VrrpEvent {
  t: number;
  type: "vrrp";
  seenBy: NodeName;
  segment: Segment;
  source: string;
  destination: string;
  priority: number;
}

/** What a node's gate program answers, by gate; its own word, used to explain and never to acquit. */
export interface GatesEvent {
  t: number;
  type: "gates";
  node: NodeName;
  gates: Record<string, { isOpen: boolean; why: string }>;
}

/** Something went wrong in the harness while this scenario ran; every verdict of it becomes unknown. */
export interface TroubleEvent {
  t: number;
  type: "trouble";
  code: string;
  message: string;
}

export type HistoryEvent =
  | OperationEvent
  | ObservedEvent
  | LookEvent
  | FaultEvent
  | NodeEvent
  | MarkEvent
  | StoredEvent
  | StreamEvent
  | QuorumEvent
  | VrrpEvent
  | GatesEvent
  | TroubleEvent;

export interface History {
  header: HistoryHeader;
  /** Sorted by `t`. */
  events: HistoryEvent[];
}
