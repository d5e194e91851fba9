// What can be done to a zone, as plain data: a fault's name, its nodes and its shape. harness/faults does it.

import type { NodeName, Segment } from "./node.ts";

export const faultNames = [
  "kill",
  "stop",
  "power",
  "pause",
  "reboot",
  "process-kill",
  "process-freeze",
  "link-down",
  "cut",
  "storage",
  "certificate",
  "fourth-server",
  "vip-removed",
  "vip-added",
  "service-down",
  "port-taken",
  "outranked",
  "forge-vrrp",
  "stray-controller",
  "wiped",
  "rebuilt",
  "facts-deleted",
  "rot",
] as const;
export type FaultName = (typeof faultNames)[number];

export type RotWay = "flip" | "cut";
export type StorageWay = "gone" | "read-only" | "full" | "eio";
export type CertificateWay = "short" | "expired" | "not-yet-valid" | "wrong-ca" | "wrong-identity" | "wrong-key";
export type ProcessName = "keepalived" | "nats-server" | "controller" | "gate";

export type FaultSpec =
  | { fault: "kill" | "stop" | "pause" | "reboot"; node: NodeName }
  /** `with`: these lose power in the same instant. */
  | { fault: "power"; node: NodeName; with?: NodeName[] }
  | { fault: "process-kill" | "process-freeze"; node: NodeName; process: ProcessName }
  | { fault: "vip-removed" | "vip-added" | "port-taken" | "outranked"; node: NodeName }
  | { fault: "service-down"; node: NodeName; service: "nats-server" }
  | { fault: "stray-controller"; node: NodeName }
  | { fault: "link-down"; node: NodeName; segments: Segment[] }
  | CutSpec
  | { fault: "storage"; node: NodeName; way: StorageWay }
  | { fault: "rot"; node: NodeName; way: RotWay }
  | { fault: "certificate"; node: NodeName; way: CertificateWay }
  /** `node` lends its binary. */
  | { fault: "fourth-server"; node: NodeName }
  /** Killed, with its store emptied while nothing of it ran. */
  | { fault: "wiped"; node: NodeName }
  /** Lost with its disks, and made anew; `identity` "new": its server has another name, and the old one is removed. */
  | { fault: "rebuilt"; node: NodeName; identity: "same" | "new" }
  /** So many facts, spread over the stream, and every cursor, deleted through the server of `node`. */
  | { fault: "facts-deleted"; node: NodeName; count: number }
  /** Adverts sent by the client host toward every node on the zone segment; `node` is the one they would unseat. */
  | { fault: "forge-vrrp"; node: NodeName; priority: number };

/** Packets between `node` and `peers` are dropped in the node's own namespace. */
export interface CutSpec {
  fault: "cut";
  node: NodeName;
  /** Nodes and the client host that it is cut from; everybody when absent. */
  peers?: (NodeName | "clients")[];
  segments: Segment[];
  /** "in": the node no longer hears; "out": it is no longer heard. */
  direction: "both" | "in" | "out";
}

/** The nodes that a fault is done to. */
export function nodesOf(spec: FaultSpec): NodeName[] {
  return spec.fault === "power" ? [spec.node, ...(spec.with ?? [])] : [spec.node];
}

/** One line that names the fault for a person, e.g. "cut alpha from beta, gamma (zone, control)". */
export function describeFault(spec: FaultSpec): string {
  switch (spec.fault) {
    case "cut": {
      const way = spec.direction === "both" ? "" : `, ${spec.direction} only`;
      return `cut ${spec.node} from ${spec.peers?.join(", ") ?? "everybody"} (${spec.segments.join(", ")}${way})`;
    }
    case "power":
      return `power ${nodesOf(spec).join(", ")}`;
    case "storage":
      return `storage ${spec.way} on ${spec.node}`;
    case "rot":
      return `${spec.way === "flip" ? "one bit flipped in" : "the tail cut off"} a block file of ${spec.node}`;
    case "certificate":
      return `certificate ${spec.way} on ${spec.node}`;
    case "forge-vrrp":
      return `forged VRRP of priority ${spec.priority} against ${spec.node}`;
    case "process-kill":
    case "process-freeze":
      return `${spec.fault} ${spec.process} on ${spec.node}`;
    case "fourth-server":
      return `a fourth server, with the binary of ${spec.node}`;
    case "service-down":
      return `${spec.service} down on ${spec.node}`;
    case "link-down":
      return `link-down ${spec.node} (${spec.segments.join(", ")})`;
    case "rebuilt":
      return `${spec.node} lost with its disks and made anew (${spec.identity} identity)`;
    case "facts-deleted":
      return `${spec.count} facts and every cursor deleted through ${spec.node}`;
    case "wiped":
    case "stray-controller":
    case "kill":
    case "stop":
    case "pause":
    case "reboot":
    case "vip-removed":
    case "vip-added":
    case "port-taken":
    case "outranked":
      return `${spec.fault} ${spec.node}`;
  }
}
