// What the actuator does to a node's storage: broken folders, rot, wipes, file systems, power loss. Types only.

import type { DiskCounts } from "#history/event.ts";
import type { RotWay, StorageWay } from "#spec/faults.ts";
import type { Act, OnNamedNode, OnNode } from "./command.ts";

/** Breaks or repairs a folder of a node. faults/storage.ts says what each way does. */
export interface StorageRequest extends OnNode {
  path: string;
  way: StorageWay;
  isBroken: boolean;
}

export interface StorageReply {
  way: StorageRequest["way"];
  isBroken: boolean;
  /** errno of a write tried in the folder afterwards, or "written". */
  write: string;
  /** Mounts on the folder. */
  mounts: number;
}

/** Damages the newest block file in a folder of a node's store. */
export interface RotRequest extends OnNode {
  folder: string;
  /** "flip": one bit in the middle. "cut": the last quarter is removed. */
  way: RotWay;
}

export interface Rotted {
  file: string;
  bytesBefore: number;
  bytesAfter: number;
  digestBefore: string;
  digestAfter: string;
  /** Bits that differ, of those bytes that are still there. */
  bitsFlipped: number;
  /** First byte that differs or is gone. */
  at: number;
}

/** Some folders of a node. */
export interface FoldersRequest extends OnNode {
  folders: string[];
}

export interface WipeReply {
  /** What was in each folder. `left`: files found by a second listing. */
  folders: { path: string; files: number; bytes: number; left: number }[];
}

/** Makes a file system for each name, on a loop device that ends with the agent and its users. */
export interface MakeStoresRequest {
  kind: "ext4" | "xfs";
  names: string[];
}

/** Takes the power of these nodes in one instant: packets, then disks, then processes. */
export interface PowerOffRequest {
  targets: {
    pid: number;
    /** Interfaces are found by these addresses. */
    addresses: string[];
    /** Folders of the node that are file systems of their own. */
    folders: string[];
  }[];
}

export interface PowerOffReply {
  /** From here on no packet of any of them leaves or arrives (CLOCK_MONOTONIC). */
  cutNs: number;
  /** Packets dropped since then, for each target. */
  packets: number[];
  /** For each folder of each target: the shutdown lies in [beforeNs, shutNs]; errno of it, and of a later write. */
  stores: { beforeNs: number; shutNs: number; errno: number; errnoAfter: number }[];
}

export interface PowerBackReply {
  /** Bytes of the file that was flushed before the loss, and of the one that was not; how a write went. */
  stores: { path: string; flushedBytes: number; unflushedBytes: number; write: string }[];
}

/**
 * Takes every free block of the file system that is mounted on a folder of a node, or gives them back. PID 0: the node
 * is down, and the blocks are given back all the same.
 */
export interface DiskFullRequest extends OnNamedNode {
  folder: string;
  isFull: boolean;
}

export interface DiskFullReply {
  /** errno of a write tried in the folder afterwards, or "written". */
  write: string;
  fillerBytes: number;
  freeBytes: number;
}

/** Lets so many writes a second of the node reach the disk of a folder. null: as many as come. */
export interface DiskSlowRequest extends OnNode {
  folder: string;
  writesPerS: number | null;
}

export interface DiskSlowReply {
  /** MAJOR:MINOR */
  device: string;
  /** Flushed writes of each probe, and how long they took before and after the change. */
  writes: number;
  beforeMs: number;
  afterMs: number;
}

export interface StorageCommands {
  storage: Act<StorageRequest, StorageReply>;
  "disk-full": Act<DiskFullRequest, DiskFullReply>;
  "disk-slow": Act<DiskSlowRequest, DiskSlowReply>;
  rot: Act<RotRequest, Rotted>;
  /** Empties folders of a frozen node. The folders themselves stay. */
  wipe: Act<FoldersRequest, WipeReply>;
  /** Replies the device of each name. */
  "make-stores": Act<MakeStoresRequest, { devices: Record<string, string> }>;
  "power-off": Act<PowerOffRequest, PowerOffReply>;
  /** Reads what the power loss left in these folders of a node that runs again. */
  "power-back": Act<FoldersRequest, PowerBackReply>;
  /** Flushes the file systems of these folders. */
  flush: Act<FoldersRequest, void>;
  /** Reads the kernel's counters of the disks under these folders. */
  "count-disks": Act<FoldersRequest, DiskCounts>;
}
