// The plan of a zone: names, addresses, certificates and files, before anything is started. Types only.

import type { NodeName } from "#spec/node.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";

export interface PlannedFile {
  path: string;
  text: string;
  mode: number;
  /** `uid:gid`; root when absent. */
  owner?: string;
}

export interface PlannedNode {
  name: NodeName;
  zoneAddress: string;
  zoneMac: string;
  /** alpha and beta only. */
  controlAddress?: string;
  controlMac?: string;
  /** alpha and beta of a zone that has a peer zone. */
  peerAddress?: string;
  peerMac?: string;
  environment: Record<string, string>;
  files: PlannedFile[];
  /** Named volumes of the zone, and their paths in the node. Only a mutant has any. */
  volumes: { name: string; path: string }[];
  /** SHA-256 of the server certificate's DER, lower-case hex. */
  certificateFingerprint?: string;
}

/** The other zone of a pair, and the segment between the two. */
export interface PlannedPeer {
  zoneId: string;
  vip: string;
  /** PEM of its CA. */
  ca: string;
  subnet: string;
  /** Index of the first zone of the pair. The segment's bridge has its name from it. */
  pairIndex: number;
  /** Id of the first zone of the pair. The segment's network has its name from it. */
  pairId: string;
}

export interface ZonePlan {
  /** Unique on one daemon, and short enough for interface names. */
  id: string;
  /** Below `zoneIndexCount`. The addresses follow from it. */
  index: number;
  spec: ZoneSpec;
  /** What its nodes are like. */
  contract: NodeContract;
  vip: string;
  zoneSubnet: string;
  controlSubnet: string;
  nodes: Record<NodeName, PlannedNode>;
  /** nats-servers show it to each other before they open a route. */
  routeSecret: string;
  /** Absent in a zone without a peer zone. */
  peer?: PlannedPeer;
  agent: { address: string; mac: string; files: PlannedFile[] };
}
