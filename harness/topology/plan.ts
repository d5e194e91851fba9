// The shape of a planned zone: names, addresses, certificates and files, before anything exists. Types only.

import type { NodeName } from "#spec/node.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";

export interface PlannedFile {
  path: string;
  text: string;
  mode: number;
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
  /** Volumes of the zone, by name, and where the node has them. Only a mutant has any. */
  volumes: { name: string; path: string }[];
  /** SHA-256 of the server certificate's DER, lower-case hex. */
  certificateFingerprint?: string;
}

/** The other zone of a pair and the segment between the two. */
export interface PlannedPeer {
  zoneId: string;
  vip: string;
  /** PEM of its CA. */
  ca: string;
  subnet: string;
  /** Index of the zone that the segment's bridge is named for: the first of the pair. */
  pairIndex: number;
  /** Names the segment's network: the id of the first zone of the pair. */
  pairId: string;
}

export interface ZonePlan {
  /** Unique on one daemon, short enough for interface names. */
  id: string;
  /** 0 to 255: picks the addresses. */
  index: number;
  spec: ZoneSpec;
  vip: string;
  zoneSubnet: string;
  controlSubnet: string;
  nodes: Record<NodeName, PlannedNode>;
  /** What servers show each other before they route. */
  routeSecret: string;
  /** Absent in a zone that stands alone. */
  peer?: PlannedPeer;
  agent: { address: string; mac: string; files: PlannedFile[] };
}
