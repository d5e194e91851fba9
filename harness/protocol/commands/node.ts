// What the actuator does to a node's processes and files, and what it reads from them. Types only.

import type { ProcessName } from "#spec/faults.ts";
import type { Act, OnNamedNode, OnNode } from "./command.ts";

/** Signals every process of a node whose name (/proc/PID/comm) or argv holds `match`. */
export interface SignalRequest extends OnNode {
  match: ProcessName;
  signal: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM";
}

/** Freezes every process that `match` selects, as in SignalRequest, on all these nodes at once, for `forMs`. */
export interface FreezeTogetherRequest {
  /** First process of each node. */
  pids: number[];
  match: SignalRequest["match"];
  forMs: number;
}

/** All of them were stopped from `fromNs` to `toNs`. CLOCK_MONOTONIC ns. */
export interface FrozenTogether {
  fromNs: number;
  toNs: number;
}

/** Watches for processes that `match` selects, as in SignalRequest. */
export interface ProcessesRequest extends OnNode {
  match: SignalRequest["match"];
  forMs: number;
}

/** Writes files inside a node through /proc/PID/root. They take their names right after each other. */
export interface WriteFilesRequest extends OnNode {
  files: { path: string; text: string; mode: number }[];
}

/** Runs a short program in some of a node's namespaces. */
export interface RunInsideRequest extends OnNode {
  /** With "mnt" the program is the node's own, else the agent's. */
  namespaces: readonly ("net" | "mnt" | "pid")[];
  argv: string[];
  timeoutMs: number;
}

/** How a program ended. Code 124: killed at its timeout. */
export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Lists a folder of a node with the digest of each file. Emits a `files` event. */
export interface FilesRequest extends OnNamedNode {
  folder: string;
}

/** What the kernel says of the limits of a node's control group. */
export interface GroupUse {
  /** Periods of the scheduler in which the node had to wait, and how long it waited in all. */
  throttledTimes: number;
  throttledMs: number;
  memoryBytes: number;
  /** null: none. */
  memoryLimitBytes: number | null;
  limitReachedTimes: number;
  /** Processes that the kernel killed for want of memory. */
  killedTimes: number;
}

/** Has keepalived read its configuration again, as an operator does after a change. */
export interface ReloadRequest extends OnNode {
  /** Changes the priority by so much. Absent: the file is as it was before the first change. */
  priorityBy?: number;
}

export interface ReloadReply {
  pid: number;
  file: string;
  /** From the signal until the file was read. */
  afterMs: number;
  /** The priority in the file. */
  priority: number;
}

export interface NodeCommands {
  /** Replies once the signal has taken effect: the PIDs, and the state of each. */
  signal: Act<SignalRequest, { pids: number[]; states: string[] }>;
  /** Replies once all of them go on. */
  "freeze-together": Act<FreezeTogetherRequest, FrozenTogether>;
  /** PIDs: every one seen, and those still there at the end. */
  processes: Act<ProcessesRequest, { seen: number[]; left: number[] }>;
  "write-files": Act<WriteFilesRequest, { bytes: number }>;
  "run-inside": Act<RunInsideRequest, RunResult>;
  "group-use": Act<OnNode, GroupUse>;
  "reload-keepalived": Act<ReloadRequest, ReloadReply>;
  files: Act<FilesRequest, { paths: string[] }>;
  /** Reads a node's processes, sockets, addresses, mounts and settings from outside. Emits an `inspection` event. */
  "inspect-node": Act<OnNamedNode, void>;
}
