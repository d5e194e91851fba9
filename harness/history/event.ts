// What is written down of a run: one event a line, stamped with CLOCK_MONOTONIC nanoseconds by whoever saw it.
// Types only. A reader sorts by `t`; equal stamps keep their order in the file.

import type { FaultName } from "#spec/faults.ts";
import type { NodeName, Segment } from "#spec/node.ts";
import type { ReplicaDumpEvent, TextsEvent } from "./recovery-event.ts";
import type { MarkEvent } from "./marks.ts";
import type { ServerEvent, InspectionEvent } from "./node-snapshot.ts";

export const historyFormat = "triad-history/2";

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
    nodes: Record<NodeName, NodeFacts>;
    spec: Record<string, unknown>;
  };
  /** The other zone of a pair: what is told of it stands in `peer` events. */
  peer?: Pick<HistoryHeader, "zone" | "plannedFaults">;
  bounds: Record<string, number>;
}

/** A node's own addresses, by segment, and the fingerprint of its server certificate. */
export interface NodeFacts {
  zoneAddress: string;
  controlAddress?: string;
  peerAddress?: string;
  certificate?: string;
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
  /** append: message id and a digest of the payload; put and ok of get: the SHA-256 of the content. */
  messageId?: string;
  digest?: string;
  /** put, get, and an append that names one: bucket/key of the artifact. */
  key?: string;
  /** invoke of confirm: the offset asked for; ok of append and confirm: the one answered; ok of fetch: the last one, and how many. */
  offset?: number;
  count?: number;
  /** ok of fetch: the page, in the order in which it was answered. */
  page?: { offset: number; digest: string }[];
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
  /** Listeners there that are the agent's own (fault "port-taken"); never among `listens`. */
  held?: string[];
  /** Tasks of the node do not run (cgroup freezer), as far as the agent can see. */
  isFrozen: boolean;
  /** keepalived's last transition as its notify script wrote it; the node's own word, used for "is BACKUP" only. */
  role?: string;
  /** First look at a node's PID 1: when it started (CLOCK_MONOTONIC ns, 10 ms steps). What came between went unseen. */
  startedNs?: number;
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
  /** Tasks that wanted a core of this machine and were not the observer's, a core, on the mean; absent where the kernel does not say. */
  runnablePerCore?: number;
}

/** A fault's life. `intended` is on disk before anything is done; `effective` carries the proof. */
export interface FaultEvent {
  t: number;
  type: "fault";
  phase: "intended" | "injecting" | "effective" | "healing" | "healed" | "impossible" | "failed";
  fault: FaultName;
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
  /** `starting`: the daemon is about to be told to; only where the start is part of the scenario. */
  phase: "starting" | "started" | "exited" | "paused" | "resumed" | "thrown-away";
  pid?: number;
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

/** A host that looks or acts from the network: a node, or the client host. */
export type HostName = NodeName | "client";

/** A VRRP advertisement seen in a host's namespace. */
export interface VrrpEvent {
  t: number;
  type: "vrrp";
  seenBy: HostName;
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

/** A capture began or ended. Only packets that it did see prove that it would have seen the others. */
export interface CaptureEvent {
  t: number;
  type: "capture";
  phase: "began" | "ended";
  seenBy: HostName;
  segment: Segment;
  /** ended: packets of any kind that it saw. */
  packets?: number;
}

/** A TCP connection tried from a host to an address; nothing is sent. */
export interface AttemptEvent {
  t: number;
  type: "attempt";
  from: HostName;
  /** address:port. */
  target: string;
  outcome: "connected" | "refused" | "unreachable" | "timeout";
}

/** A TLS handshake tried from the client host, and one RPC over it: TLS 1.3 tells a refused client only after it. */
export interface HandshakeEvent {
  t: number;
  type: "handshake";
  /** Names the row of the matrix, e.g. "version TLSv1.1". */
  row: string;
  target: string;
  /** `fromZone`: the RPC was an AppendFact that names it; Health otherwise. */
  offered: { versions: [string, string]; ciphers?: string; certificate: string; fromZone?: string };
  /**
   * not-offerable: our own permissive server, on the client host's loopback, did not see it offered either, so nothing
   * was asked of the target. unreachable: no connection, or an answer that is neither.
   */
  outcome: "served" | "refused" | "unreachable" | "not-offerable";
  /** What was agreed on, when it came so far. */
  version?: string;
  cipher?: string;
  /** refused: alert or RPC code. */
  error?: string;
  /** The certificate that the server showed, as the client host read it. */
  server?: { fingerprint: string; leftDays: number };
  /** served: what the health answer said of its certificate gate. */
  certificateGate?: { isOpen: boolean; why: string };
}

/** Files under a folder of a node, as they lie on its disk. */
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
  /** Paths below `folder` that hold some of it. */
  found: string[];
}

/** A monitor changed its state. */
export interface MonitorEvent {
  t: number;
  type: "monitor";
  monitor: string;
  /** `gone`: nothing tells; never green. */
  state: "green" | "red" | "gone";
  why: string;
}

/** A bind tried by the agent inside a node's network namespace: does its kernel let anybody stand on that address? */
export interface BindEvent {
  t: number;
  type: "bind";
  node: NodeName;
  /** address:port. */
  target: string;
  /** "bound", or the kernel's error by name, e.g. "EADDRNOTAVAIL". */
  outcome: string;
}

/** Who spoke with whom on a segment, as it passed one node's leg while a capture looked there. */
export interface TalkEvent {
  t: number;
  type: "flows";
  seenBy: HostName;
  segment: Segment;
  /** Packets by their two ends, e.g. {from: "198.18.0.10:43210", to: "198.18.2.10:9443"}; without a port where there is none. */
  pairs: { protocol: string; from: string; to: string; packets: number }[];
}

/** Something that was told of the other zone of a pair; in words of its own history. */
export interface PeerEvent {
  t: number;
  type: "peer";
  event: Exclude<HistoryEvent, PeerEvent>;
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
  | ReplicaDumpEvent
  | TextsEvent
  | QuorumEvent
  | VrrpEvent
  | GatesEvent
  | CaptureEvent
  | InspectionEvent
  | ServerEvent
  | BindEvent
  | AttemptEvent
  | HandshakeEvent
  | FilesEvent
  | SearchEvent
  | MonitorEvent
  | TalkEvent
  | PeerEvent
  | TroubleEvent;

/** Events by index, in order of time; an array is one. */
export interface Events extends Iterable<HistoryEvent> {
  readonly length: number;
  at(index: number): HistoryEvent | undefined;
}

/** An event with its index in the history. */
export interface At<T extends HistoryEvent> {
  event: T;
  index: number;
}

export interface History {
  header: HistoryHeader;
  /** Sorted by `t`. */
  events: Events;
}
