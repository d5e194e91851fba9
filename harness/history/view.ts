// The view of one history: operations, spans, faults and marks, computed once. The checkers and the report share it.

import { type FaultName, type FaultTraits, recordedTraits } from "#spec/faults.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Bounds, defaultBounds } from "#spec/verdict.ts";
import type {
  At,
  FaultEvent,
  FaultPhase,
  History,
  HistoryEvent,
  LookEvent,
  ObservedEvent,
  RecordedSpec,
} from "./event.ts";
import { callTypes, EventTable } from "./event-table.ts";
import type { MarkEvent, MarkName } from "./events/mark.ts";
import { type Operations, pairOperations } from "./operations.ts";
import {
  activity,
  down,
  type Endpoint,
  frozen,
  listening,
  type Observation,
  ownership,
  type Span,
  spansOf,
} from "./spans.ts";

export type { At };

/** All events of one fault. */
export interface FaultLife {
  id: number;
  fault: FaultName;
  nodes: NodeName[];
  traits: FaultTraits;
  /** The fields of its spec, as recorded before it was injected. */
  spec: RecordedSpec;
  phases: { [P in FaultPhase]?: At<FaultEvent<P>> };
}

export interface NodeSpans {
  active: Span[];
  owns: Span[];
  listens: Span[];
  frozen: Span[];
  down: Span[];
}

export interface HistoryView {
  history: History;
  bounds: Bounds;
  endpoint: Endpoint;
  firstNs: number;
  lastNs: number;
  /** The same events as columns. */
  table: EventTable;
  operations: Operations;
  /** Operations by row of the calls in their table; see operations.ts. */
  operationOf: Int32Array;
  /** Events of calls that do not pair; see operations.ts. */
  defects: string[];
  observations: Record<NodeName, Observation[]>;
  spans: Record<NodeName, NodeSpans>;
  /** By first event. */
  faults: FaultLife[];
  marks: At<MarkEvent>[];
  looks: At<LookEvent>[];
}

const views = new WeakMap<History, HistoryView>();

/** The view of a history. It is computed once for each history. */
export function viewOf(history: History): HistoryView {
  const known = views.get(history);
  if (known) return known;
  const view = makeView(history);
  views.set(history, view);
  return view;
}

/** The first mark of that name. */
export function markOf<M extends MarkName>(view: HistoryView, mark: M): At<MarkEvent<M>> | undefined {
  return view.marks.find((at): at is At<MarkEvent<M>> => at.event.mark === mark);
}

/** State of a node as seen last at or before `t`; undefined before the first look. */
export function stateAt(view: HistoryView, node: NodeName, t: number): ObservedEvent | undefined {
  return view.observations[node].findLast(({ event }) => event.t <= t)?.event;
}

/** Events of one type with their indices, in order. */
export function eventsOf<T extends HistoryEvent["type"]>(
  history: History,
  type: T,
): At<Extract<HistoryEvent, { type: T }>>[] {
  type Of = Extract<HistoryEvent, { type: T }>;
  const isColumnar = type === "stored" || (callTypes as readonly string[]).includes(type);
  if (history.events instanceof EventTable && !isColumnar) return [...history.events.othersOf(type)] as At<Of>[];
  const found: At<Of>[] = [];
  let index = 0;
  for (const event of history.events) {
    if (event.type === type) found.push({ event: event as Of, index });
    index += 1;
  }
  return found;
}

function makeView(history: History): HistoryView {
  const { header, events } = history;
  const endpoint = { vip: header.zone.vip, rpcPort: header.zone.rpcPort };
  const firstNs = events.at(0)?.t ?? 0;
  const lastNs = events.at(-1)?.t ?? 0;
  const observations = byNode<Observation[]>(() => []);
  for (const seen of eventsOf(history, "observed")) observations[seen.event.node]?.push(seen);
  const { operations, operationOf, defects } = pairOperations(events);
  return {
    history,
    endpoint,
    firstNs,
    lastNs,
    table: operations.table,
    operations,
    operationOf,
    defects,
    observations,
    bounds: { ...defaultBounds, ...header.bounds },
    spans: byNode((node) => spansOfNode(observations[node], endpoint, lastNs)),
    faults: faultsOf(history),
    marks: eventsOf(history, "mark"),
    looks: eventsOf(history, "looks"),
  };
}

function spansOfNode(observations: Observation[], endpoint: Endpoint, endNs: number): NodeSpans {
  return {
    active: spansOf(observations, activity(endpoint), endNs),
    owns: spansOf(observations, ownership, endNs),
    listens: spansOf(observations, listening, endNs),
    frozen: spansOf(observations, frozen, endNs),
    down: spansOf(observations, down, endNs),
  };
}

function faultsOf(history: History): FaultLife[] {
  const lives = new Map<number, Omit<FaultLife, "spec" | "traits">>();
  for (const at of eventsOf(history, "fault")) {
    const { id, fault, nodes, phase } = at.event;
    const life = lives.get(id) ?? { id, fault, nodes, phases: {} };
    // The first of each phase counts: healing is idempotent and may be recorded twice.
    if (!life.phases[phase]) Object.assign(life.phases, { [phase]: at });
    lives.set(id, life);
  }
  return [...lives.values()].map((life) => {
    const spec = life.phases.intended?.event.detail ?? {};
    return { ...life, spec, traits: recordedTraits(life.fault, spec) };
  });
}

function byNode<T>(make: (node: NodeName) => T): Record<NodeName, T> {
  return Object.fromEntries(nodeNames.map((node) => [node, make(node)])) as Record<NodeName, T>;
}
