// Options of the operations on incidents. Types only. Paths are absolute.

import type { NodeName } from "#spec/node.ts";

export interface ImportOptions {
  /** Log files of each node. */
  logs: Record<NodeName, string[]>;
  /** Capture of VRRP packets. */
  pcap?: string;
  /** Folder with the logs of a replay, to compare with. */
  replayed?: string;
  /** The scenario file to write. Absent: none. */
  out?: string;
  /** For stamps without a year. */
  year?: number;
}

export interface ShrinkOptions {
  /** The scenario file. */
  file: string;
  /** The entry that must stay broken, by id or slug. */
  entry: string;
  /** The smaller file. */
  out: string;
  seed: number;
  /** Share of replays that must be red at least. */
  redAtLeast: number;
  /** How sure a step must be to be needed or not. */
  confidence: number;
  /** Replays in all. */
  replaysMax: number;
  /** Another controller, as everywhere. */
  controller?: string;
}
