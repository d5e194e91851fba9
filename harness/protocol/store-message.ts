// The messages about file systems of a node's own: made, flushed, without power, and back. Types only; part of message.ts.

/** Makes a file system for each name, on a loop device that ends with the agent and its users. Replies {devices}, by name. */
export interface MakeStoresRequest {
  do: "make-stores";
  kind: "ext4" | "xfs";
  names: string[];
}

/** Takes the power of these nodes in one instant: packets, then disks, then processes. Replies a PowerOffReply. */
export interface PowerOffRequest {
  do: "power-off";
  targets: {
    pid: number;
    /** Interfaces are found by them. */
    addresses: string[];
    /** Folders of the node that have a file system of their own. */
    folders: string[];
  }[];
}

export interface PowerOffReply {
  /** From here on no packet of any of them leaves or arrives (CLOCK_MONOTONIC). */
  cutNs: number;
  /** Dropped since, a target each. */
  packets: number[];
  /** A folder each, target by target: the shutdown happened in [beforeNs, shutNs]; errno of it and of a write after it. */
  stores: { beforeNs: number; shutNs: number; errno: number; errnoAfter: number }[];
}

/** Looks at what power loss left in these folders of a node that is back. Replies a PowerBackReply. */
export interface PowerBackRequest {
  do: "power-back";
  pid: number;
  folders: string[];
}

export interface PowerBackReply {
  /** Bytes of the file that was flushed before the loss, and of the one that was not; how a write went. */
  stores: { path: string; flushedBytes: number; unflushedBytes: number; write: string }[];
}

/** Flushes these folders' file systems. */
export interface FlushRequest {
  do: "flush";
  pid: number;
  folders: string[];
}

/** Asks the kernel what was done to the disks under these folders so far. Replies DiskCounts, all together. */
export interface CountDisksRequest {
  do: "count-disks";
  pid: number;
  folders: string[];
}

export interface DiskCounts {
  writes: number;
  writtenBytes: number;
  /** Flushes of the disk's own cache: none happens without somebody asking for it. */
  flushes: number;
}

export type StoreRequest = CountDisksRequest | MakeStoresRequest | PowerOffRequest | PowerBackRequest | FlushRequest;
