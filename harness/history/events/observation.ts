// Events of what is seen of the nodes from outside: by the node observer, by the container daemon, and by the monitors.
// Types only.

import type { NodeName } from "#spec/node.ts";

/**
 * A look of the node observer differed from the one before. The change lies in (sinceNs, t]; `sinceNs` is the look
 * before.
 */
export interface ObservedEvent {
  t: number;
  type: "observed";
  node: NodeName;
  sinceNs: number;
  /** PID 1 of the node exists. */
  isAlive: boolean;
  /** The VIP is among the addresses of the node's network namespace. */
  ownsVip: boolean;
  /** Local addresses in state LISTEN on the RPC port, as "198.18.0.10:9443". */
  listens: string[];
  /** Listeners there that belong to the agent (fault "port-taken"). They are never among `listens`. */
  held?: string[];
  /** Tasks of the node do not run (cgroup freezer), as far as the agent can see. */
  isFrozen: boolean;
  /**
   * keepalived's last transition, as the node's notify script wrote it. The node itself says so: it proves no activity.
   */
  role?: string;
  /**
   * First look at a node's PID 1: when it started (CLOCK_MONOTONIC ns, steps of 10 ms). Nothing was seen in between.
   */
  startedNs?: number;
  /** The process that owns the listener: PID, and its start (CLOCK_MONOTONIC ns, steps of 10 ms). */
  controller?: { pid: number; startedNs: number };
}

/** Once a second: how well the observer looked. Without this event the observer may have missed something. */
export interface LookEvent {
  t: number;
  type: "looks";
  looks: number;
  gapMaxNs: number;
  /** CPU time of the agent since the last such event. */
  cpuNs: number;
  /**
   * Mean number of tasks that wanted a core of this machine, a core, the observer's not counted. Absent when the kernel
   * does not say.
   */
  runnablePerCore?: number;
  /**
   * Share of the cores' time since the last such event that the hypervisor gave to other machines, 0 to 1. Absent in
   * older histories.
   */
  stolenShare?: number;
  /**
   * Share of the time since the last such event in which some task waited for a disk, 0 to 1. Absent in older
   * histories, and when the kernel does not say.
   */
  diskWaitShare?: number;
}

/** A node's container started or ended, by the daemon's event stream. */
export interface NodeEvent {
  t: number;
  type: "node";
  node: NodeName;
  /** `starting`: the daemon is about to start it. Recorded only where the start is part of the scenario. */
  phase: "starting" | "started" | "exited" | "paused" | "resumed" | "thrown-away";
  pid?: number;
}

/** A monitor changed its state. */
export interface MonitorEvent {
  t: number;
  type: "monitor";
  monitor: string;
  /** `gone`: the monitor gets no data. That is never green. */
  state: "green" | "red" | "gone";
  why: string;
}
