// One recorded history with the lookups and the edits that changes share. It reads the history and changes nothing in
// it: every edit gives a new list of events.

import type { At, FaultEvent, History, HistoryEvent, MarkEvent, MarkName, OperationEvent } from "#history/event.ts";
import type { Operation } from "#history/operations.ts";
import { sortedByTime } from "#history/codec.ts";
import type { Span } from "#history/spans.ts";
import { eventsOf, type FaultLife, type HistoryView, viewOf } from "#history/view.ts";
import { type NodeName, type ServiceNode, serviceNodes } from "#spec/node.ts";

type EventOf<T extends HistoryEvent["type"]> = Extract<HistoryEvent, { type: T }>;

/** A node became active after another one had been. */
export interface Takeover {
  from: ServiceNode;
  to: ServiceNode;
  /** The last look at which the old node was active, and the first at which the new one was. */
  goneNs: number;
  activeNs: number;
  /** Its place among the takeovers of the history. */
  place: number;
}

export class Scene {
  readonly name: string;
  readonly history: History;
  readonly view: HistoryView;
  readonly events: readonly HistoryEvent[];
  readonly #found = new Map<string, unknown>();

  constructor(name: string, history: History) {
    this.name = name;
    this.history = history;
    this.view = viewOf(history);
    this.events = [...history.events];
  }

  get header() {
    return this.history.header;
  }

  get rpcEnd(): string {
    return `${this.view.endpoint.vip}:${this.view.endpoint.rpcPort}`;
  }

  of<T extends HistoryEvent["type"]>(type: T): readonly At<EventOf<T>>[] {
    return this.once(`of ${type}`, () => eventsOf(this.history, type));
  }

  /** A lookup that several changes make. */
  once<T>(name: string, find: () => T): T {
    if (!this.#found.has(name)) this.#found.set(name, find());
    return this.#found.get(name) as T;
  }

  marks<M extends MarkName>(mark: M): At<MarkEvent<M>>[] {
    return this.view.marks.filter((at): at is At<MarkEvent<M>> => at.event.mark === mark);
  }

  /** Time of the first mark of that name; NaN without one. */
  markNs(mark: MarkName): number {
    return this.marks(mark)[0]?.event.t ?? Number.NaN;
  }

  get loadEndNs(): number {
    return this.marks("load-stopped")[0]?.event.t ?? this.view.lastNs;
  }

  effectOf(life: FaultLife): number {
    return life.phases.effective?.event.t ?? Infinity;
  }

  /** When the first fault took effect; Infinity without a fault. */
  get effectNs(): number {
    return Math.min(...this.view.faults.map((life) => this.effectOf(life)), Infinity);
  }

  /** When the first fault was touched, or the end of load: until then nothing was done to the zone. */
  get calmUntilNs(): number {
    const touched = this.view.faults.map(({ phases }) => (phases.injecting ?? phases.intended)?.event.t ?? Infinity);
    return Math.min(...touched, this.loadEndNs);
  }

  active(node: NodeName): Span[] {
    return this.view.spans[node].active.filter((span) => !span.isOnlyPossible);
  }

  takeovers(): Takeover[] {
    return this.once("takeovers", () => this.#takeovers());
  }

  #takeovers(): Takeover[] {
    const spans = serviceNodes.flatMap((node) => this.active(node)).sort((a, b) => a.fromNs - b.fromNs);
    const found: Takeover[] = [];
    for (const [place, span] of spans.entries()) {
      const before = spans[place - 1];
      if (!before || before.node === span.node || span.fromNs > this.loadEndNs) continue;
      found.push({
        from: before.node as ServiceNode,
        to: span.node as ServiceNode,
        goneNs: before.toNs,
        activeNs: span.fromNs,
        place: found.length,
      });
    }
    return found;
  }

  /** Calls of that kind that were answered, in order of invocation. */
  answered(f: OperationEvent["f"], isWanted: (operation: Operation) => boolean = () => true): Operation[] {
    return this.view.operations.filter(
      (one) => one.f === f && one.outcome === "ok" && one.firstOffset === undefined && isWanted(one),
    );
  }

  /** The call that an event belongs to, by the index of its outcome. */
  callEndedAt(index: number): Operation | undefined {
    const all = this.once("calls", () => new Map([...this.view.operations].map((one) => [one.index, one])));
    return all.get(index);
  }

  /** Seconds since the start of the history, for the name of a variant. */
  second(t: number): string {
    return `${((t - this.view.firstNs) / 1e9).toFixed(1)} s`;
  }

  /** Each event replaced by what `change` gives; undefined removes it. In order of time. */
  edited(
    change: (event: HistoryEvent, index: number) => HistoryEvent | readonly HistoryEvent[] | undefined,
  ): HistoryEvent[] {
    const edited: HistoryEvent[] = [];
    for (const [index, event] of this.events.entries()) {
      const by = change(event, index);
      if (Array.isArray(by)) edited.push(...(by as readonly HistoryEvent[]));
      else if (by !== undefined) edited.push(by as HistoryEvent);
    }
    return sortedByTime(edited);
  }

  /** Events of one type replaced; all others as they are. */
  editedOf<T extends HistoryEvent["type"]>(
    type: T,
    change: (event: EventOf<T>, index: number) => HistoryEvent | readonly HistoryEvent[] | undefined,
  ): HistoryEvent[] {
    return this.edited((event, index) => (event.type === type ? change(event as EventOf<T>, index) : event));
  }

  /** One event replaced; undefined removes it. */
  replaced(index: number, by: HistoryEvent | readonly HistoryEvent[] | undefined): HistoryEvent[] {
    return this.edited((event, at) => (at === index ? by : event));
  }

  with(...more: HistoryEvent[]): HistoryEvent[] {
    return sortedByTime([...this.events, ...more]);
  }

  /** The answers to these calls become time-outs: the call may have taken effect. */
  unanswered(isLost: (operation: Operation) => boolean): HistoryEvent[] {
    return this.edited((event, index) => {
      if (event.type !== "ok") return event;
      const operation = this.callEndedAt(index);
      return operation && isLost(operation) ? asTimeout(event) : event;
    });
  }

  isFaultAt(phase: FaultEvent["phase"], life: FaultLife, event: HistoryEvent): boolean {
    return event.type === "fault" && event.id === life.id && event.phase === phase;
  }
}

/** The outcome of the same call as a time-out. */
export function asTimeout({ t, op, process, f, messageId, digest, key }: OperationEvent): OperationEvent {
  return { t, type: "info", op, process, f, ...present({ messageId, digest, key }), error: "call-timeout" };
}

/** The outcome of the same call as a refusal. */
export function asRefusal({ t, op, process, f }: OperationEvent, error = "rpc-unavailable"): OperationEvent {
  return { t, type: "fail", op, process, f, error };
}

function present<T extends Record<string, string | undefined>>(fields: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
