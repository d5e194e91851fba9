// Options of the operations on a zone that stays up. Types only.

import type { FaultName, FaultSpec } from "#spec/faults.ts";
import type { NodeName, Segment } from "#spec/node.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";

/** Which zone. Absent: the only one that is up. */
export interface ZoneChoice {
  zone?: string;
}

export interface UpOptions {
  name: string;
  tier: Tier;
  stores: StoreKind;
  /** Image of another controller: absolute path of an archive, or a reference. */
  controller?: string;
  /** Node image of another vendor for each node, and the profile that describes it. */
  image?: Record<NodeName, string>;
  profile?: string;
  /** Clients call the zone all the time. Most entries cannot be judged without them. */
  hasLoad: boolean;
}

export interface InspectOptions {
  image: Record<NodeName, string>;
  /** Absolute path. */
  profile: string;
}

export interface DownOptions {
  name?: string;
  isAll: boolean;
}

export interface FaultOptions extends ZoneChoice {
  spec: FaultSpec;
}

/** Absent fields: any. */
export interface HealOptions extends ZoneChoice {
  fault?: FaultName;
  node?: NodeName;
}

export interface CutOptions extends ZoneChoice {
  nodes: NodeName[];
  /** Empty: all other nodes and the clients. */
  peers: (NodeName | "clients")[];
  segments: Segment[];
  /** Drop only packets from `nodes` to `peers`. */
  isOneWay: boolean;
}

export interface LogsOptions extends ZoneChoice {
  node: NodeName;
  isFollowing: boolean;
  write: (text: string) => void;
}

export interface ExecOptions extends ZoneChoice {
  node: NodeName;
  argv: string[];
}

export interface JudgeOptions extends ZoneChoice {
  /** Ids and slugs of entries; empty for all. */
  only: string[];
  /** Evidence folder, absolute. Absent: a new one. */
  out?: string;
}

export interface SaveScenarioOptions extends ZoneChoice {
  /** A new file, absolute. */
  file: string;
}

export interface SnapshotOptions extends ZoneChoice {
  /** Absolute. */
  folder: string;
}

export interface WatchOptions extends ZoneChoice {
  /** One line of JSON for each change. */
  isJson: boolean;
  /** Port of the metrics on 127.0.0.1. Absent: no metrics. */
  metricsPort?: number;
  /** Set when standard output is a terminal. */
  terminal?: { columns: number; rows?: number; isColoured: boolean };
  write: (text: string) => void;
}
