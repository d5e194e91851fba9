// The messages between the harness and its agent: JSON Lines over one attached stream a role.
// Types and codec only. Requests go down, replies and events come up; an event is a history event as it stands.

import type { HistoryEvent, HostName } from "#history/event.ts";
import type { NodeName, Segment } from "#spec/node.ts";
import type { AuditIdsRequest, HowFarRequest, LoadRequest, PaceRequest, StopRequest } from "./client-message.ts";
import type { LookRequest, MonitorRequest } from "./monitor-look.ts";
import type { ReplicaRequest } from "./replica-message.ts";
import type { StoreRequest } from "./store-message.ts";

/** One process of the agent image serves one role: `node agent.cjs ROLE`. */
export type AgentRole = "observe" | "client" | "actuator" | "monitor";

/** Observer: look at these nodes from now on; a node absent from `pids` is down. Replaces the former set. */
export interface WatchRequest {
  do: "watch";
  vip: string;
  rpcPort: number;
  pids: Partial<Record<NodeName, number>>;
  /** Aim between two looks. */
  intervalMs: number;
}

/** Hand: packets between these addresses are dropped in the node's own namespace, both hooks of netdev. */
export interface CutRequest {
  do: "cut";
  pid: number;
  /** Names the rule set so that it can be taken back: one cut, one name. */
  cut: string;
  /** Interfaces are found by the node's address on the segment. */
  address: string;
  /** MACs of the peers to drop; empty drops everything. */
  peerMacs: string[];
  direction: "both" | "in" | "out";
}

export interface HealCutRequest {
  do: "heal-cut";
  pid: number;
  cut: string;
}

/** Packets dropped so far by a cut: the proof that it bites. */
export interface CountCutRequest {
  do: "count-cut";
  pid: number;
  cut: string;
}

/** Sets an interface down or up inside the node. */
export interface LinkRequest {
  do: "link";
  pid: number;
  address: string;
  state: "up" | "down";
}

/** Signals every process of a node whose command name (/proc/PID/comm) or argv holds `match`. Replies {pids}. */
export interface SignalRequest {
  do: "signal";
  pid: number;
  match: "keepalived" | "nats-server" | "controller" | "gate";
  signal: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM";
}

/** Watches for processes of a node that `match` picks out, as SignalRequest does. Replies {seen, left}, PIDs each. */
export interface ProcessesRequest {
  do: "processes";
  pid: number;
  match: SignalRequest["match"];
  forMs: number;
}

/** Takes a port inside a node's network namespace with a listener of ours, or gives it back. Replies {listeners}. */
export interface PortRequest {
  do: "port";
  pid: number;
  address: string;
  port: number;
  isHeld: boolean;
}

/** Sends one VRRPv2 advert from inside a node's network namespace to another address. Replies {bytes}. */
export interface AdvertRequest {
  do: "advert";
  /** Whose namespace it leaves from. */
  pid: number;
  source: string;
  destination: string;
  routerId: number;
  priority: number;
  vip: string;
}

/** Breaks or repairs a folder of a node: see faults/storage.ts for what each way does. */
export interface StorageRequest {
  do: "storage";
  pid: number;
  path: string;
  way: "gone" | "read-only" | "full" | "eio";
  isBroken: boolean;
}

/** Rots the newest block file in a folder of a node's store. Replies a Rotted. */
export interface RotRequest {
  do: "rot";
  pid: number;
  folder: string;
  /** "flip": one bit in the middle; "cut": the last quarter. */
  way: "flip" | "cut";
}

export interface Rotted {
  file: string;
  bytesBefore: number;
  bytesAfter: number;
  digestBefore: string;
  digestAfter: string;
  /** Bits that differ, of those bytes that are still there. */
  bitsFlipped: number;
  /** First byte that is another one, or gone. */
  at: number;
}

/** Writes a file inside a node through /proc/PID/root. */
export interface WriteFileRequest {
  do: "write-file";
  pid: number;
  path: string;
  text: string;
  mode: number;
}

/** Runs a short program in some of a node's namespaces. Replies {code, stdout, stderr}. */
export interface RunInsideRequest {
  do: "run-inside";
  pid: number;
  namespaces: ("net" | "mnt" | "pid")[];
  argv: string[];
  timeoutMs: number;
}

/** Reads the fact stream from an offset on, on a node's loopback; emits `stored` events, replies {messages}. */
export interface AuditRequest {
  do: "audit";
  pid: number;
  node: NodeName;
  stream: string;
  /** Messages before this offset are of no interest; 1 for all. */
  firstOffset: number;
  /** Each message is asked of the stream's leader, however many there are: what a consumer reads may be another replica's. */
  isOfLeader?: true;
  timeoutMs: number;
}

/** Asks a node's server about its streams and voters; emits `stream` events, replies {streams, voters}. */
export interface StreamsRequest {
  do: "streams";
  pid: number;
  node: NodeName;
  timeoutMs: number;
}

/** Tries one write to the probe subject on a node's loopback; emits a `quorum` event. */
export interface QuorumRequest {
  do: "quorum";
  pid: number;
  node: NodeName;
  timeoutMs: number;
}

/** Reads a node's processes, sockets, addresses, mounts and settings from outside; emits a `inspection` event. */
export interface InspectNodeRequest {
  do: "inspect-node";
  pid: number;
  node: NodeName;
}

/** Asks a node's server about itself on the node's loopback; emits a `server` event, also when it does not answer. */
export interface ServerRequest {
  do: "server";
  pid: number;
  node: NodeName;
  timeoutMs: number;
}

/** Tries a TCP connection to each target at once and sends nothing; emits an `attempt` event each. */
export interface AttemptRequest {
  do: "attempt";
  /** Absent: from the client host. */
  pid?: number;
  from: HostName;
  /** address:port. */
  targets: string[];
  timeoutMs: number;
}

/** Content that anybody can make again: `bytes` that look random and follow from `seed`. */
export interface ArtifactContent {
  seed: string;
  bytes: number;
}

/** PutObject, GetObject, or an AppendFact whose object names the artifact. */
export type ArtifactCall = { f: "put" | "get" } | { f: "refer"; fromZone: string; toZone: string };

/** One call about an artifact from the client host, as process "caller"; emits its invocation and its outcome. */
export type ArtifactRequest = ArtifactCall & {
  do: "artifact";
  target: string;
  serverName: string;
  certificates: LoadRequest["certificates"];
  fingerprints: LoadRequest["fingerprints"];
  bucket: string;
  key: string;
  /** put: what. */
  content: ArtifactContent;
  op: number;
  callTimeoutMs: number;
};

/** Lists a folder of a node with the digest of each file; emits a `files` event. Replies {paths}. */
export interface FilesRequest {
  do: "files";
  pid: number;
  node: NodeName;
  folder: string;
}

/** Searches the files below a folder of a node for parts of an artifact; emits a `search` event. */
export interface SearchRequest {
  do: "search";
  pid: number;
  node: NodeName;
  folder: string;
  /** bucket/key. */
  key: string;
  content: ArtifactContent;
}

/**
 * Reports VRRP packets seen on a host's segment as `vrrp` events until `stop`, and by `capture` events that it looked. On the
 * segment between two zones it tells instead, at its end and as `talk`, who spoke with whom. Replies once it looks.
 */
export interface CaptureRequest {
  do: "capture";
  /** Absent: on the client host. */
  pid?: number;
  seenBy: HostName;
  segment: Segment;
  /** The host's own on that segment; interfaces are found by it. */
  address: string;
}

/** Starts a server on the client host that is none of the zone's: the binary of `pid`'s node, this configuration. */
export interface StartRogueServerRequest {
  do: "start-rogue-server";
  pid: number;
  /** nats.conf; `__STORE__` is filled in. */
  config: string;
}

/** Replies {met, refused, end}: addresses it had a route with, who refused it and how, how it ended if it did. */
export interface LookAtRogueServerRequest {
  do: "look-at-rogue-server";
}

/** Idempotent. */
export interface StopRogueServerRequest {
  do: "stop-rogue-server";
}

/** Tries TLS handshakes from the client host, each ending in one RPC; emits `handshake` and `attempt` events. */
export interface HandshakesRequest {
  do: "handshakes";
  /** Every row of the matrix, or only those about certificates. */
  rows: "all" | "certificates";
  /** host:port of the endpoint. */
  target: string;
  /** host:port where nobody may listen: TCP is tried there and nothing sent. */
  elsewhere: string[];
  /** Identity that the right certificate speaks for, and one that it does not. */
  zoneId: string;
  foreignZoneId: string;
  /** Files in the agent; "right" is the client's own, the others must be refused. */
  ca: string;
  certificates: Record<string, { certificate: string; key: string }>;
  /** Longest for one row. */
  rowTimeoutMs: number;
  timeoutMs: number;
}

/** Sends VRRP adverts from the client host until `stop-forging`. Replies when every node saw one: {sent, arrived}. */
export interface ForgeVrrpRequest {
  do: "forge-vrrp";
  /** Address of the client host that they are sent from. */
  source: string;
  destinations: string[];
  /** Addresses off the segment: a host answers there for those of its other legs too. Routes to them last as long. */
  routed: string[];
  routerId: number;
  priority: number;
  addresses: string[];
  advertS: number;
  /** Where their arrival is looked for: the nodes' interfaces on the zone segment, found by address. */
  witnesses: { node: NodeName; pid: number; address: string }[];
  proofMs: number;
}

/** Replies {sent, arrived}; idempotent. */
export interface StopForgingRequest {
  do: "stop-forging";
}

export type AgentRequest =
  | WatchRequest
  | LoadRequest
  | PaceRequest
  | StopRequest
  | HowFarRequest
  | AuditIdsRequest
  | CutRequest
  | HealCutRequest
  | CountCutRequest
  | LinkRequest
  | SignalRequest
  | StartRogueServerRequest
  | LookAtRogueServerRequest
  | StopRogueServerRequest
  | ProcessesRequest
  | PortRequest
  | AdvertRequest
  | StorageRequest
  | ReplicaRequest
  | RotRequest
  | WriteFileRequest
  | RunInsideRequest
  | AuditRequest
  | StreamsRequest
  | QuorumRequest
  | StoreRequest
  | InspectNodeRequest
  | ServerRequest
  | AttemptRequest
  | ArtifactRequest
  | FilesRequest
  | SearchRequest
  | CaptureRequest
  | HandshakesRequest
  | ForgeVrrpRequest
  | StopForgingRequest
  | MonitorRequest
  | LookRequest;

export type Down = { id: number } & AgentRequest;

export type Up =
  | { reply: number; value: unknown }
  | { reply: number; error: string }
  | { event: HistoryEvent }
  | { ready: AgentRole; version: string };
