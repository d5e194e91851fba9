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
  "stray-controller",
] as const;
export type FaultName = (typeof faultNames)[number];

export type StorageWay = "gone" | "read-only" | "full" | "eio";
export type CertificateWay = "short" | "expired" | "not-yet-valid" | "wrong-ca" | "wrong-identity" | "wrong-key";
export type ProcessName = "keepalived" | "nats-server" | "controller" | "gate";

export type FaultSpec =
  | { fault: "kill" | "stop" | "power" | "pause" | "reboot"; node: NodeName }
  | { fault: "process-kill" | "process-freeze"; node: NodeName; process: ProcessName }
  | { fault: "stray-controller"; node: NodeName }
  | { fault: "link-down"; node: NodeName; segments: Segment[] }
  | CutSpec
  | { fault: "storage"; node: NodeName; way: StorageWay }
  | { fault: "certificate"; node: NodeName; way: CertificateWay };

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

/** One line that names the fault for a person, e.g. "cut alpha from beta, gamma (zone, control)". */
export function describeFault(spec: FaultSpec): string {
  switch (spec.fault) {
    case "cut": {
      const way = spec.direction === "both" ? "" : `, ${spec.direction} only`;
      return `cut ${spec.node} from ${spec.peers?.join(", ") ?? "everybody"} (${spec.segments.join(", ")}${way})`;
    }
    case "storage":
      return `storage ${spec.way} on ${spec.node}`;
    case "certificate":
      return `certificate ${spec.way} on ${spec.node}`;
    case "process-kill":
    case "process-freeze":
      return `${spec.fault} ${spec.process} on ${spec.node}`;
    case "link-down":
      return `link-down ${spec.node} (${spec.segments.join(", ")})`;
    case "stray-controller":
    case "kill":
    case "stop":
    case "power":
    case "pause":
    case "reboot":
      return `${spec.fault} ${spec.node}`;
  }
}
