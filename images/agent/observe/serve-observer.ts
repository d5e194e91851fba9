// Role "observe": looks at the nodes it was told of every few milliseconds, tells what changed, and once a second
// how well it looked. It touches nothing.

import { readdirSync } from "node:fs";
import { setPriority } from "node:os";
import { nowNs } from "#base/clock.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { WatchRequest } from "#wire/message.ts";
import { Outlet, serve } from "../stream.ts";
import { measureBootOffsetNs } from "./clocks.ts";
import { absent, NodeEye } from "./node-eye.ts";

const defaultIntervalMs = 4;
const reportEveryNs = 1_000_000_000;

class Observer {
  readonly #outlet: Outlet;
  readonly #bootOffsetNs = measureBootOffsetNs();
  readonly #eyes = new Map<NodeName, NodeEye>();
  #timer: NodeJS.Timeout | undefined;
  #intervalNs = 0;
  #dueNs = 0;
  #lookedNs = 0;
  #looks = 0;
  #gapMaxNs = 0;
  #reportedNs = nowNs();
  #cpu = process.cpuUsage();

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Replaces the set of nodes; replies which of them exist. */
  watch(request: WatchRequest): { watching: NodeName[] } {
    this.#intervalNs = (request.intervalMs > 0 ? request.intervalMs : defaultIntervalMs) * 1e6;
    for (const node of nodeNames) this.#turnTo(node, request);
    if (this.#timer === undefined) {
      this.#reportedNs = nowNs();
      this.#cpu = process.cpuUsage();
    }
    clearTimeout(this.#timer);
    this.#dueNs = nowNs();
    this.#round();
    return { watching: [...this.#eyes.keys()] };
  }

  #turnTo(node: NodeName, request: WatchRequest): void {
    const eye = this.#eyes.get(node);
    const pid = request.pids[node];
    if (eye?.isAlive && eye.pid === pid) return;
    const sinceNs = eye?.lookedNs ?? nowNs();
    eye?.close();
    this.#eyes.delete(node);
    try {
      if (pid === undefined) throw new Error("down");
      const { vip, rpcPort } = request;
      this.#eyes.set(node, new NodeEye({ node, pid, vip, rpcPort, bootOffsetNs: this.#bootOffsetNs }));
    } catch {
      if (!eye || eye.isAlive) this.#outlet.event(absent(node, sinceNs));
    }
  }

  #round(): void {
    const startNs = nowNs();
    for (const eye of this.#eyes.values()) {
      const event = eye.look();
      if (event) this.#outlet.event(event);
    }
    const endNs = nowNs();
    // From the start of the former look to the end of this one: the widest window a change can hide in.
    if (this.#lookedNs > 0) this.#gapMaxNs = Math.max(this.#gapMaxNs, endNs - this.#lookedNs);
    this.#lookedNs = startNs;
    this.#looks += 1;
    if (endNs - this.#reportedNs >= reportEveryNs) this.#report(endNs);
    this.#dueNs = Math.max(this.#dueNs + this.#intervalNs, endNs);
    // Timers fire late, by up to a millisecond and more, and never early: round down.
    const waitMs = Math.max(1, Math.floor((this.#dueNs - nowNs()) / 1e6));
    this.#timer = setTimeout(() => this.#round(), waitMs);
  }

  #report(t: number): void {
    const cpu = process.cpuUsage(this.#cpu);
    this.#cpu = process.cpuUsage();
    const cpuNs = (cpu.user + cpu.system) * 1000;
    this.#outlet.event({ t, type: "looks", looks: this.#looks, gapMaxNs: this.#gapMaxNs, cpuNs });
    this.#looks = 0;
    this.#gapMaxNs = 0;
    this.#reportedNs = t;
  }
}

/** Highest niceness for every thread, so that a busy host delays the looks as little as can be; needs CAP_SYS_NICE. */
export function goFirst(): void {
  try {
    for (const thread of readdirSync("/proc/self/task")) setPriority(Number(thread), -20);
  } catch (error) {
    process.stderr.write(`cannot raise priority: ${String(error)}\n`);
  }
}

export function serveObserver(): void {
  goFirst();
  const outlet = new Outlet();
  const observer = new Observer(outlet);
  serve("observe", outlet, { watch: (request: WatchRequest) => observer.watch(request) });
}
