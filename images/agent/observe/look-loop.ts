// The observer's loop, in a thread that never returns to its event loop. So the stream to the harness does not delay
// it. It sleeps on a shared word: 75 us a round, against 170 us with a timer. It changes nothing in a node.

import { readlinkSync } from "node:fs";
import { basename } from "node:path";
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { nowNs } from "#base/clock.ts";
import type { HistoryEvent } from "#history/event.ts";
import { isServiceNode, type NodeName, nodeNames } from "#spec/node.ts";
import type { ReplyOf } from "#protocol/commands.ts";
import type { WatchRequest } from "#protocol/commands/observer.ts";
import { measureBootOffsetNs } from "./clocks.ts";
import { CpuContention } from "./cpu-contention.ts";
import { LostTime } from "./lost-time.ts";
import { absent, NodeObserver } from "./node-observer.ts";

/** Set to 1 and notified when a request waits at the port. */
export interface LoopStart {
  bell: Int32Array;
}

/** First the kernel's id of this thread; then events, and replies to the oldest open request. */
export type LoopMessage = { thread: number } | { event: HistoryEvent } | Watching;

/** The reply to `watch`. */
export type Watching = ReplyOf<"watch">;

const reportEveryNs = 1_000_000_000;
/**
 * Samples between two of a node without a service. Nothing moves to such a node, and each sample costs 0.1 ms of a
 * core.
 */
const quorumNodeEverySamples = 4;
/** Samples between two counts of runnable tasks. So there are about 20 counts a second, at 20 us each. */
const contentionEverySamples = 10;

class Observer {
  readonly #port: MessagePort;
  readonly #bootOffsetNs = measureBootOffsetNs();
  readonly #observers = new Map<NodeName, NodeObserver>();
  readonly #cpuContention = new CpuContention();
  readonly #lostTime = new LostTime();
  intervalNs = 0;
  #lookedNs = 0;
  #looks = 0;
  #gapMaxNs = 0;
  #reportedNs = 0;
  #cpu = process.cpuUsage();

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** Replaces the set of nodes. */
  watch(request: WatchRequest): void {
    if (this.intervalNs === 0) {
      this.#reportedNs = nowNs();
      this.#lostTime.take(this.#reportedNs);
      this.#cpu = process.cpuUsage();
    }
    this.intervalNs = request.intervalMs * 1e6;
    for (const node of nodeNames) this.#turnTo(node, request);
    this.#send({ watching: [...this.#observers.keys()] });
  }

  look(): void {
    const startNs = nowNs();
    for (const [node, observer] of this.#observers) {
      if (!isServiceNode(node) && this.#looks % quorumNodeEverySamples !== 0) continue;
      const event = observer.look();
      if (event) this.#send({ event });
    }
    if (this.#looks % contentionEverySamples === 0) this.#cpuContention.sample();
    const endNs = nowNs();
    // From the start of the previous look to the end of this one: the widest window in which a change can hide.
    if (this.#lookedNs > 0) this.#gapMaxNs = Math.max(this.#gapMaxNs, endNs - this.#lookedNs);
    this.#lookedNs = startNs;
    this.#looks += 1;
    if (endNs - this.#reportedNs >= reportEveryNs) this.#report(endNs);
  }

  #turnTo(node: NodeName, request: WatchRequest): void {
    const observer = this.#observers.get(node);
    const pid = request.pids[node];
    // Emitted again even without a difference: the caller may have begun a new history.
    if (observer?.isAlive && observer.pid === pid) return observer.repeatNext();
    const sinceNs = observer?.lookedNs ?? nowNs();
    observer?.close();
    this.#observers.delete(node);
    try {
      if (pid === undefined) throw new Error("down");
      const { vip, rpcPort } = request;
      this.#observers.set(node, new NodeObserver({ node, pid, vip, rpcPort, bootOffsetNs: this.#bootOffsetNs }));
    } catch {
      if (!observer || observer.isAlive) this.#send({ event: absent(node, sinceNs) });
    }
  }

  #report(t: number): void {
    const cpu = process.cpuUsage(this.#cpu);
    this.#cpu = process.cpuUsage();
    const cpuNs = (cpu.user + cpu.system) * 1000;
    const runnablePerCore = this.#cpuContention.take();
    const cpuContention = runnablePerCore === undefined ? {} : { runnablePerCore };
    const figures = { looks: this.#looks, gapMaxNs: this.#gapMaxNs, cpuNs };
    this.#send({ event: { t, type: "looks", ...figures, ...cpuContention, ...this.#lostTime.take(t) } });
    this.#looks = 0;
    this.#gapMaxNs = 0;
    this.#reportedNs = t;
  }

  #send(message: LoopMessage): void {
    this.#port.postMessage(message);
  }
}

/** Runs until the process ends. */
export function runLookLoop(): void {
  const { bell } = workerData as LoopStart;
  const port = parentPort!;
  port.postMessage({ thread: Number(basename(readlinkSync("/proc/thread-self"))) } satisfies LoopMessage);
  const observer = new Observer(port);
  let dueNs = nowNs();
  for (;;) {
    const isIdle = observer.intervalNs === 0;
    const waitMs = isIdle ? 1_000 : Math.max(0, (dueNs - nowNs()) / 1e6);
    if (Atomics.wait(bell, 0, 0, waitMs) !== "timed-out") {
      Atomics.store(bell, 0, 0);
      for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
        observer.watch(next.message as WatchRequest);
      dueNs = nowNs();
    }
    if (observer.intervalNs === 0) continue;
    observer.look();
    // Missed looks are not made up for: two in a row would see the same.
    dueNs = Math.max(dueNs + observer.intervalNs, nowNs());
  }
}
