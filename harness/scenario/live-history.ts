// A history while it is being written. Every event is on disk before anything else happens with it. It keeps the last
// look at each node and lets a step wait for an event. It judges nothing.

import { closeSync, openSync, writeSync } from "node:fs";
import { nowNs } from "#base/clock.ts";
import type { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import type {
  HistoryEvent,
  HistoryHeader,
  MarkArguments,
  MarkEvent,
  MarkName,
  MonitorEvent,
  ObservedEvent,
  StreamEvent,
} from "#history/event.ts";
import { HistoryRecorder } from "#history/recorder.ts";
import type { NodeName } from "#spec/node.ts";

/** Appends in flight at once are far fewer: the client's processes are bounded by its rate. */
const overtakenMax = 1_000;

type Matches = (event: HistoryEvent) => boolean;

/** Stores events in their order. */
export interface EventWriter extends Disposable {
  write: (event: HistoryEvent) => void;
}

export class LiveHistory implements Disposable {
  readonly #writer: EventWriter;
  readonly #waiting = new Set<{ matches: Matches; resolve: (event: HistoryEvent) => void }>();
  readonly #nodes = new Map<NodeName, ObservedEvent>();
  readonly #streams = new Map<string, StreamEvent>();
  readonly #monitors = new Map<string, MonitorEvent>();
  readonly #followers = new Set<(event: HistoryEvent) => void>();
  #isOpen = true;
  #firstOffset: number | undefined;

  constructor(writer: EventWriter) {
    this.#writer = writer;
  }

  /** Begins a history in a file. */
  static open(path: string, header: HistoryHeader): LiveHistory {
    const file = openSync(path, "w");
    const recorder = new HistoryRecorder((line) => writeSync(file, line));
    recorder.begin(header);
    return new LiveHistory({ write: (event) => recorder.record(event), [Symbol.dispose]: () => closeSync(file) });
  }

  /**
   * The live history of the peer zone. Its events are written into this history's file, wrapped in `peer` events.
   * Waiters and followers of this history do not see them.
   */
  ofPeer(): LiveHistory {
    const write = (event: HistoryEvent): void => {
      if (this.#isOpen && event.type !== "peer") this.#writer.write({ t: event.t, type: "peer", event });
    };
    return new LiveHistory({ write, [Symbol.dispose]: () => {} });
  }

  /**
   * Ends writing; waiters and followers still see events. The scenario is over and its zone is made ready for the next.
   */
  close(): void {
    this.#isOpen = false;
  }

  record(event: HistoryEvent): void {
    if (this.#isOpen) this.#writer.write(event);
    if (event.type === "ok" && event.f === "append" && event.firstOffset === undefined)
      this.#firstOffset ??= event.offset;
    if (event.type === "observed") this.#nodes.set(event.node, event);
    if (event.type === "stream") this.#streams.set(event.stream, event);
    if (event.type === "monitor") this.#monitors.set(event.monitor, event);
    for (const follower of this.#followers) follower(event);
    for (const one of this.#waiting) if (one.matches(event)) one.resolve(event);
  }

  mark<M extends MarkName>(mark: M, ...[detail]: MarkArguments<M>): void {
    this.record({ t: nowNs(), type: "mark", mark, ...(detail ? { detail } : {}) } as MarkEvent);
  }

  trouble(error: HarnessError): void {
    this.record({ t: nowNs(), type: "trouble", code: error.code, message: error.message });
  }

  /**
   * No fact of this history has a lower offset: the first one acknowledged, less the appends that may have overtaken
   * it.
   */
  get firstOffset(): number {
    return Math.max(1, (this.#firstOffset ?? 1) - overtakenMax);
  }

  /** Everything up to this offset was in the stream before the first acknowledged fact. */
  get olderUpTo(): number {
    return (this.#firstOffset ?? 1) - 1;
  }

  /** The last look at a node. */
  lastLook(node: NodeName): ObservedEvent | undefined {
    return this.#nodes.get(node);
  }

  /** The last change of a monitor. */
  lastMonitor(name: string): MonitorEvent | undefined {
    return this.#monitors.get(name);
  }

  /** Passes every event from now on to `follower`, until disposed. */
  follow(follower: (event: HistoryEvent) => void): Disposable {
    this.#followers.add(follower);
    return { [Symbol.dispose]: () => void this.#followers.delete(follower) };
  }

  /** The last answer about each stream. */
  get streams(): StreamEvent[] {
    return [...this.#streams.values()];
  }

  /** The next event that matches. @throws HarnessError `wait/timeout`, or the signal's reason. */
  async next(
    matches: Matches,
    options: { what: string; deadlineMs: number; signal: AbortSignal },
  ): Promise<HistoryEvent> {
    const { promise, resolve, reject } = Promise.withResolvers<HistoryEvent>();
    const one = { matches, resolve };
    const onAbort = () => reject(options.signal.reason);
    this.#waiting.add(one);
    options.signal.addEventListener("abort", onAbort, { once: true });
    if (options.signal.aborted) onAbort();
    try {
      return await withDeadline(promise, options);
    } finally {
      this.#waiting.delete(one);
      options.signal.removeEventListener("abort", onAbort);
    }
  }

  [Symbol.dispose](): void {
    this.close();
    this.#writer[Symbol.dispose]();
  }
}
