// Every fault as plain data: the fields of its spec, its words and its traits. A rule that depends on the kind of a
// fault asks a trait, so that a new fault needs no change to any rule. harness/faults injects and heals them.

import { HarnessError } from "#base/errors.ts";
import type { NodeName, Segment } from "./node.ts";
import type { GateName } from "./zone-spec.ts";

export type RotWay = "flip" | "cut";
export type StorageWay = "gone" | "read-only" | "full" | "eio";
/** `short` is valid and ends in ten days. */
export type CertificateWay = "short" | "expired" | "not-yet-valid" | "wrong-ca" | "wrong-identity" | "wrong-key";
export type ForgedSource = "foreign" | "peer";
export type ProcessName = "keepalived" | "nats-server" | "controller" | "gate";

interface OnNode {
  node: NodeName;
}

/** What a spec of each fault holds beside its name. */
interface FaultFields {
  kill: OnNode;
  stop: OnNode;
  /** `with`: these nodes lose power at the same instant. */
  power: OnNode & { with?: NodeName[] };
  pause: OnNode;
  reboot: OnNode;
  "process-kill": OnNode & { process: ProcessName };
  "process-freeze": OnNode & { process: ProcessName };
  "link-down": OnNode & { segments: Segment[] };
  cut: OnNode & {
    /** Nodes and the client host that it is cut from; all of them when absent. */
    peers?: (NodeName | "clients")[];
    segments: Segment[];
    /** "in": the node no longer hears; "out": it is no longer heard. */
    direction: "both" | "in" | "out";
  };
  storage: OnNode & { way: StorageWay };
  certificate: OnNode & { way: CertificateWay };
  /** The server runs from a copy of this node's binary. */
  "fourth-server": OnNode;
  "vip-removed": OnNode;
  "vip-added": OnNode;
  "service-down": OnNode & { service: "nats-server" };
  "port-taken": OnNode;
  outranked: OnNode;
  /** The client host sends the adverts to every node on the zone segment; `node` is the one they would unseat. */
  "forge-vrrp": OnNode & { priority: number };
  /**
   * Adverts on the control segment. As "foreign" they come from an address of no node and go to both service nodes. As
   * "peer" they carry the address of the VRRP peer of `node` and go to `node` alone.
   */
  "forge-control": OnNode & { as: ForgedSource; priority: number };
  "stray-controller": OnNode;
  wiped: OnNode;
  /** `identity` "new": the server of the new container has another name, and the old server is removed. */
  rebuilt: OnNode & { identity: "same" | "new" };
  /** Deletes `count` facts, spread over the stream, and every cursor through the server of `node`. */
  "facts-deleted": OnNode & { count: number };
  rot: OnNode & { way: RotWay };
}

export type FaultName = keyof FaultFields;
export type SpecOf<Name extends FaultName> = { [N in Name]: { fault: N } & FaultFields[N] }[Name];
export type FaultSpec = SpecOf<FaultName>;
export type CutSpec = SpecOf<"cut">;

/** What the rules need to know about a fault. A row of the table that lacks one does not compile. */
export interface FaultTraits {
  /** The node as a whole: it "ends" until the fault is healed, "restarts" at once, "freezes" or "runs" on. */
  node: "ends" | "restarts" | "freezes" | "runs";
  /** The node's message store: "kept", "lost", or "suspect" when a replica may have damage that no inspection shows. */
  store: "kept" | "lost" | "suspect";
  /**
   * nats-server on a node that runs: "silent" until healed. "untouched" only where that is certain, else "disturbed".
   */
  server: "silent" | "disturbed" | "untouched";
  /**
   * On the active node: "abrupt" when VRRP and the lease must time out before another node answers, "orderly" when the
   * node releases both first. "none" when no timer is certain to run, although the zone may react.
   */
  failover: "abrupt" | "orderly" | "none";
  /** keepalived itself leaves MASTER while the node runs on. */
  leavesMaster: boolean;
  /** The one gate that the fault closes on its node; null when it closes several or none. */
  gate: GateName | null;
}

/** Fields as a history recorded them. It may lack some. */
type Recorded<Name extends FaultName> = Partial<FaultFields[Name]>;

interface FaultKind<Name extends FaultName> {
  /** One line for a person, e.g. "cut alpha from beta, gamma (zone, control)". */
  words(spec: SpecOf<Name>): string;
  traits: FaultTraits | ((recorded: Recorded<Name>) => FaultTraits);
}

const nameAndNode = (spec: { fault: FaultName; node: NodeName }): string => `${spec.fault} ${spec.node}`;
const wayOnNode = ({ fault, way, node }: SpecOf<"storage" | "certificate">): string => `${fault} ${way} on ${node}`;
const processOnNode = ({ fault, process, node }: SpecOf<"process-kill" | "process-freeze">): string =>
  `${fault} ${process} on ${node}`;
/** The peer segment carries neither VRRP nor the lease. */
const isPeerOnly = (segments?: Segment[]): boolean => segments?.every((one) => one === "peer") ?? false;

const faultTable: { [Name in FaultName]: FaultKind<Name> } = {
  kill: {
    words: nameAndNode,
    traits: { node: "ends", store: "kept", server: "disturbed", failover: "abrupt", leavesMaster: false, gate: null },
  },
  stop: {
    words: nameAndNode,
    traits: { node: "ends", store: "kept", server: "disturbed", failover: "orderly", leavesMaster: false, gate: null },
  },
  power: {
    words: (spec) => `power ${nodesOf(spec).join(", ")}`,
    // After a joint power loss no node holds all that was acknowledged (docs/decisions/0016-joint-power-loss.md).
    traits: ({ with: others = [] }) => ({
      node: "ends",
      store: others.length > 0 ? "suspect" : "kept",
      server: "disturbed",
      failover: "abrupt",
      leavesMaster: false,
      gate: null,
    }),
  },
  pause: {
    words: nameAndNode,
    traits: {
      node: "freezes",
      store: "kept",
      server: "disturbed",
      failover: "abrupt",
      leavesMaster: false,
      gate: null,
    },
  },
  reboot: {
    words: nameAndNode,
    traits: {
      node: "restarts",
      store: "kept",
      server: "disturbed",
      failover: "orderly",
      leavesMaster: false,
      gate: null,
    },
  },
  "process-kill": {
    words: processOnNode,
    traits: ({ process }) => ({
      node: "runs",
      store: "kept",
      server: "disturbed",
      failover: "none",
      leavesMaster: false,
      gate: process === "nats-server" ? "jetstream" : null,
    }),
  },
  "process-freeze": {
    words: processOnNode,
    traits: ({ process }) => ({
      node: "runs",
      store: "kept",
      server: process === "nats-server" ? "silent" : process === "controller" ? "untouched" : "disturbed",
      failover: "none",
      leavesMaster: false,
      gate: process === "nats-server" ? "jetstream" : null,
    }),
  },
  "link-down": {
    words: ({ fault, node, segments }) => `${fault} ${node} (${segments.join(", ")})`,
    traits: ({ segments }) => ({
      node: "runs",
      store: "kept",
      server: "disturbed",
      failover: isPeerOnly(segments) ? "none" : "abrupt",
      leavesMaster: !isPeerOnly(segments),
      gate: null,
    }),
  },
  cut: {
    words: ({ node, peers, segments, direction }) => {
      const way = direction === "both" ? "" : `, ${direction} only`;
      return `cut ${node} from ${peers?.join(", ") ?? "all others"} (${segments.join(", ")}${way})`;
    },
    traits: ({ peers, segments }) => ({
      node: "runs",
      store: "kept",
      server: "disturbed",
      failover: isPeerOnly(segments) ? "none" : "abrupt",
      leavesMaster: false,
      // Without the routes to both other servers there is no quorum.
      gate: segments?.includes("zone") && (peers === undefined || peers.length >= 2) ? "quorum" : null,
    }),
  },
  storage: {
    words: wayOnNode,
    traits: {
      node: "runs",
      store: "kept",
      server: "untouched",
      failover: "none",
      leavesMaster: false,
      gate: "storage",
    },
  },
  certificate: {
    words: wayOnNode,
    traits: {
      node: "runs",
      store: "kept",
      server: "untouched",
      failover: "none",
      leavesMaster: false,
      gate: "certificate",
    },
  },
  "fourth-server": {
    words: ({ node }) => `a fourth server, with the binary of ${node}`,
    traits: { node: "runs", store: "kept", server: "disturbed", failover: "none", leavesMaster: false, gate: null },
  },
  "vip-removed": {
    words: nameAndNode,
    traits: { node: "runs", store: "kept", server: "disturbed", failover: "none", leavesMaster: false, gate: "vip" },
  },
  "vip-added": {
    words: nameAndNode,
    traits: { node: "runs", store: "kept", server: "disturbed", failover: "none", leavesMaster: false, gate: null },
  },
  "service-down": {
    words: ({ service, node }) => `${service} down on ${node}`,
    traits: { node: "runs", store: "kept", server: "silent", failover: "none", leavesMaster: false, gate: "jetstream" },
  },
  "port-taken": {
    words: nameAndNode,
    traits: { node: "runs", store: "kept", server: "disturbed", failover: "none", leavesMaster: false, gate: "bind" },
  },
  outranked: {
    words: nameAndNode,
    traits: { node: "runs", store: "kept", server: "disturbed", failover: "none", leavesMaster: true, gate: null },
  },
  "forge-vrrp": {
    words: ({ priority, node }) => `forged VRRP of priority ${priority} against ${node}`,
    traits: { node: "runs", store: "kept", server: "disturbed", failover: "none", leavesMaster: false, gate: null },
  },
  "forge-control": {
    words: ({ as, priority, node }) =>
      `forged VRRP of priority ${priority} against ${node} on the control segment, ${as === "peer" ? "in the name of its peer" : "by a foreign host"}`,
    // Nothing in VRRP tells an advert in the peer's name from one of the peer.
    traits: ({ as }) => ({
      node: "runs",
      store: "kept",
      server: "disturbed",
      failover: "none",
      leavesMaster: as === "peer",
      gate: null,
    }),
  },
  "stray-controller": {
    words: nameAndNode,
    traits: { node: "runs", store: "kept", server: "untouched", failover: "none", leavesMaster: false, gate: null },
  },
  // A lost store may take the lease with it, so no failover timer is certain.
  wiped: {
    words: nameAndNode,
    traits: { node: "ends", store: "lost", server: "disturbed", failover: "none", leavesMaster: false, gate: null },
  },
  rebuilt: {
    words: ({ node, identity }) => `${node} lost with its disks and rebuilt (${identity} identity)`,
    traits: { node: "ends", store: "lost", server: "disturbed", failover: "none", leavesMaster: false, gate: null },
  },
  // Every replica agrees about what is deleted: none of them is suspect.
  "facts-deleted": {
    words: ({ count, node }) => `${count} facts and every cursor deleted through ${node}`,
    traits: { node: "runs", store: "kept", server: "disturbed", failover: "none", leavesMaster: false, gate: null },
  },
  rot: {
    words: ({ way, node }) => `${way === "flip" ? "one bit flipped in" : "the tail cut off"} a block file of ${node}`,
    traits: {
      node: "runs",
      store: "suspect",
      server: "silent",
      failover: "none",
      leavesMaster: false,
      gate: "jetstream",
    },
  },
};

export const faultNames = Object.keys(faultTable) as FaultName[];

/** The nodes that a fault is done to. */
export function nodesOf(spec: FaultSpec): NodeName[] {
  return [spec.node, ...(("with" in spec && spec.with) || [])];
}

/** One line that names the fault for a person. */
export function describeFault<Name extends FaultName>(spec: SpecOf<Name>): string {
  return faultTable[spec.fault].words(spec);
}

export function traitsOf(spec: FaultSpec): FaultTraits {
  return recordedTraits(spec.fault, spec);
}

/**
 * The traits of a fault in a history.
 *
 * @throws HarnessError `history/bad-format` when this version has no fault of that name: no rule would know what it
 * did.
 */
export function recordedTraits(name: string, recorded: object): FaultTraits {
  if (!isFaultName(name)) throw new HarnessError("history/bad-format", `this version has no fault "${name}"`);
  const { traits } = faultTable[name] as FaultKind<FaultName>;
  return typeof traits === "function" ? traits(recorded) : traits;
}

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultTable, name);
}
