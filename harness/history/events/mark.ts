// The marks of a scenario: what each says, and the fields that a saved one must have. A new mark is one line in each
// map.

import type { MonitorName, MonitorState } from "#spec/monitor.ts";
import type { NodeName, ServiceNode } from "#spec/node.ts";
import type { FieldsOf } from "../fields.ts";

/** A mark that says no more than its name. */
type Nothing = Record<never, never>;

/** How a wait for the zone ended. */
export interface Awaited {
  /** The deadline passed first. */
  isTimedOut?: boolean;
  /** What was seen instead. */
  saw?: string;
}

/** Counted by the kernel, over all disks of a node, since their file systems were made. */
export interface DiskCounts {
  writes: number;
  writtenBytes: number;
  /** Flushes of the disk's own cache. One happens only when a program asks for it. */
  flushes: number;
}

/** Name of a mark, and its detail. */
export interface MarkDetails {
  "zone-created": { isUsedAgain?: boolean };
  /** The first answer came through the VIP. */
  "zone-ready": Nothing;
  /** An operator moved the service back to Alpha. */
  "handed-back": { from: NodeName };
  /** The service moves back to Alpha, and the zone becomes ready for another scenario. */
  "handing-back": Nothing;
  /** `cursors`: consumers that read everything, and where each cursor stood when the former load was drained. */
  "load-started": { appendPerS?: number; cursors?: Record<string, number> };
  steady: Awaited;
  /**
   * The client host's neighbour entry of the VIP, just before faults. `reachableMs`: how long it is believed at least.
   */
  neighbour: { address: string; state: string; mac?: string; reachableMs: number };
  /** Faults come next. `from`: the node that served. `to`: the node that must take over. */
  provoked: { expectsFailover: boolean; from?: NodeName | null; to?: ServiceNode };
  "failed-over": Awaited & { node?: ServiceNode };
  monitors: Awaited & { monitors: MonitorName[]; state: MonitorState };
  /** Time passed, or a node came to own the VIP or to give it up. */
  held: Awaited & { ms?: number; node?: NodeName; isOwned?: boolean };
  /** The facts were read while something was broken. `leader`: by the replica of this node alone. */
  "read-back": { isReadable: boolean; saw?: string; leader?: NodeName; messages?: number };
  repaired: { node: NodeName };
  /**
   * A person did this to a zone that stays up. `fault`: number of the fault. `node`, `code`: a program that ran inside
   * a node. What it changed is not known.
   */
  "by-hand": {
    user: string;
    command: string;
    phase: "begun" | "done" | "failed";
    fault?: number;
    node?: NodeName;
    code?: number;
    saw?: string;
  };
  /**
   * `atNs`: instant of the command. `seen`, `left`: controller processes in the time watched and at its end. Histories
   * of older versions lack the command.
   */
  "started-by-hand": {
    node: ServiceNode;
    atNs: number;
    code: number;
    seen: number;
    left: number;
    command?: readonly string[];
  };
  /** Controller processes of the node from `fromNs` to the mark, and those left at its end. */
  watched: { node: ServiceNode; fromNs: number; seen: number; left: number };
  /**
   * The servers of `nodes` were frozen from `fromNs` to `toNs`, and `active` served. Nothing was frozen when `saw` says
   * why.
   */
  withheld: Awaited & { nodes: NodeName[]; active?: ServiceNode; fromNs?: number; toNs?: number };
  renewed: { node: ServiceNode; fingerprint?: string };
  /** `beganNs`: what was written before it is on the disks of these nodes. */
  flushed: { beganNs: number; nodes: NodeName[] };
  /** The load changed its rate, or the number of calls in flight. */
  paced: { appendPerS?: number; inFlight?: number };
  disks: Partial<Record<NodeName, DiskCounts>>;
  /** Both zones of a pair hold the same facts. */
  exchanged: Awaited;
  /** The matrix of TLS handshakes is done. */
  looked: { rows: number; notOfferable: number };
  recovered: Awaited & { node: NodeName };
  filled: { messages?: number; bytes?: number; acknowledged?: number };
  /** Every replica on the node is current. `receivedBytes`: what its server was sent since its start. */
  "caught-up": Awaited & { node: NodeName; bytes?: number; receivedBytes?: number; streams?: string[] };
  "load-paused": Nothing;
  "load-resumed": Nothing;
  snapshot: { server?: string; streams?: object[] };
  /** A node's artifacts were copied, or that copy was put on a node. `files`: how many. */
  "backed-up": { node: NodeName; files: number };
  "backup-restored": Awaited & { node?: NodeName; files?: number };
  restored: Awaited & { messages?: number; bytes?: number; tookMs?: number };
  /** A trigger was seen at `seenNs`, and its steps began `lateMs` later than they should. */
  triggered: Awaited & { sees: string; node?: NodeName; seenNs?: number; lateMs?: number };
  "load-stopped": { clients?: unknown[] };
  /** The consumers read what was left after the load. `clients`: what the client counted of that. */
  drained: { readers: object[]; clients: unknown[]; tookMs: number };
  /** `messages`: how many the reader counted. */
  audited: { messages?: number };
}

export type MarkName = keyof MarkDetails;

/** A boundary of the scenario script. */
export type MarkEvent<M extends MarkName = MarkName> = Extract<{ [N in MarkName]: MarkOf<N> }[MarkName], { mark: M }>;

type MarkOf<M extends MarkName> = { t: number; type: "mark"; mark: M } & (IsOptional<M> extends true
  ? { detail?: MarkDetails[M] }
  : { detail: MarkDetails[M] });

type IsOptional<M extends MarkName> = object extends MarkDetails[M] ? true : false;

/** What is said with a mark: its detail, which may be left out where no field of it is required. */
export type MarkArguments<M extends MarkName> =
  IsOptional<M> extends true ? [detail?: MarkDetails[M]] : [detail: MarkDetails[M]];

const awaited = { isTimedOut: "boolean?", saw: "string?" } as const;

/** What the codec holds a saved detail to. */
export const markFields: { readonly [M in MarkName]: FieldsOf<MarkDetails[M]> } = {
  "zone-created": { isUsedAgain: "boolean?" },
  "zone-ready": {},
  "handed-back": { from: "node" },
  "handing-back": {},
  "load-started": { appendPerS: "number?", cursors: "figures?" },
  steady: awaited,
  neighbour: { address: "string", state: "string", mac: "string?", reachableMs: "number" },
  provoked: { expectsFailover: "boolean", from: "node?", to: "node?" },
  "failed-over": { ...awaited, node: "node?" },
  monitors: { ...awaited, monitors: "array", state: "string" },
  held: { ...awaited, ms: "number?", node: "node?", isOwned: "boolean?" },
  "read-back": { isReadable: "boolean", saw: "string?", leader: "node?", messages: "number?" },
  repaired: { node: "node" },
  "by-hand": {
    user: "string",
    command: "string",
    phase: "string",
    fault: "number?",
    node: "node?",
    code: "number?",
    saw: "string?",
  },
  "started-by-hand": {
    node: "node",
    atNs: "number",
    code: "number",
    seen: "number",
    left: "number",
    command: "array?",
  },
  watched: { node: "node", fromNs: "number", seen: "number", left: "number" },
  withheld: { ...awaited, nodes: "nodes", active: "node?", fromNs: "number?", toNs: "number?" },
  renewed: { node: "node", fingerprint: "string?" },
  flushed: { beganNs: "number", nodes: "nodes" },
  paced: { appendPerS: "number?", inFlight: "number?" },
  disks: { alpha: "figures?", beta: "figures?", gamma: "figures?" },
  exchanged: awaited,
  looked: { rows: "number", notOfferable: "number" },
  recovered: { ...awaited, node: "node" },
  filled: { messages: "number?", bytes: "number?", acknowledged: "number?" },
  "caught-up": { ...awaited, node: "node", bytes: "number?", receivedBytes: "number?", streams: "array?" },
  "load-paused": {},
  "load-resumed": {},
  snapshot: { server: "string?", streams: "array?" },
  "backed-up": { node: "node", files: "number" },
  "backup-restored": { ...awaited, node: "node?", files: "number?" },
  restored: { ...awaited, messages: "number?", bytes: "number?", tookMs: "number?" },
  triggered: { ...awaited, sees: "string", node: "node?", seenNs: "number?", lateMs: "number?" },
  "load-stopped": { clients: "array?" },
  drained: { readers: "array", clients: "array", tookMs: "number" },
  audited: { messages: "number?" },
};
