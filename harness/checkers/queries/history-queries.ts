// Queries that many checkers share: when a fault took effect, when it was repaired, which node was active, who
// answered.

import type { Operation } from "#history/operations.ts";
import type { Span } from "#history/spans.ts";
import { type At, type FaultLife, type HistoryView, markOf, stateAt } from "#history/view.ts";
import type { FaultEvent, MarkEvent, MarkName } from "#history/event.ts";
import type { NodeName, Segment } from "#spec/node.ts";

/** A client on the client host, where failovers are timed. Other clients run inside a node. */
export function isOutside(process: string): boolean {
  return !/^(alpha|beta|gamma)-/.test(process);
}

/** An answered call that only an active controller answers. Any node may answer a health call. */
export function isServing(operation: Operation): boolean {
  return operation.outcome === "ok" && operation.f !== "health";
}

/** First fault on that node that took effect at or after `sinceNs`. */
export function faultOn(view: HistoryView, node: NodeName, sinceNs = -Infinity): FaultLife | undefined {
  return view.faults.find(
    (life) => life.nodes.includes(node) && effectNs(life) >= sinceNs && effectNs(life) < Infinity,
  );
}

/** Packets of the node stop on that segment while it runs. */
export function severs({ spec }: FaultLife, segment: Segment): boolean {
  return spec.segments?.includes(segment) === true;
}

/** The program or service of the node that the fault is aimed at; undefined when it has no such aim. */
export function targetOf({ spec }: FaultLife): string | undefined {
  return spec.process ?? spec.service;
}

/** When it took effect; Infinity if it never did. */
export function effectNs(life: FaultLife | undefined): number {
  return life?.phases.effective?.event.t ?? Infinity;
}

/** When its healing began: from here on the node may come back. Infinity if never. */
export function returnNs(life: FaultLife | undefined): number {
  return life?.phases.healing?.event.t ?? life?.phases.healed?.event.t ?? Infinity;
}

/** End of load, or of the history when load never ended. */
export function loadEndNs(view: HistoryView): number {
  return markOf(view, "load-stopped")?.event.t ?? view.lastNs;
}

/** No look is this late: the state half a second before the fault was certainly seen before the fault. */
const lookSettleNs = 500e6;

/** An instant shortly before the injection, for "what was true before". */
export function beforeNs(life: FaultLife): number {
  return touchNs(life) - lookSettleNs;
}

/**
 * Times in which the fault "stray-controller" may hold a listener on that node. It listens on every address, and no
 * program of the node can then do the same.
 */
export function strayTimes(view: HistoryView, node: NodeName): { fromNs: number; toNs: number }[] {
  return view.faults
    .filter((life) => life.fault === "stray-controller" && life.nodes.includes(node))
    .map((life) => ({ fromNs: touchNs(life), toNs: (life.phases.healed?.event.t ?? Infinity) + lookSettleNs }));
}

/** Start of the injection. The fault had no effect before it. */
export function touchNs(life: FaultLife): number {
  const first: At<FaultEvent> | undefined = life.phases.injecting ?? life.phases.intended ?? life.phases.effective;
  return first?.event.t ?? -Infinity;
}

/** Marks of that name, in order. */
export function marksOf<M extends MarkName>(view: HistoryView, mark: M): At<MarkEvent<M>>[] {
  return view.marks.filter((at): at is At<MarkEvent<M>> => at.event.mark === mark);
}

/**
 * An append of a fact that no earlier scenario of the zone stored. A repeat of such a fact needs no quorum, and lies
 * before the part of the stream that is read back.
 */
export function isOwnAppend({ f, firstOffset }: Operation): boolean {
  return f === "append" && firstOffset === undefined;
}

/** The first append of each fact, in order of invocation. A leader may know a stored fact again without a quorum. */
export function firstAppends(view: HistoryView): Operation[] {
  const sent = new Set<string | undefined>();
  return view.operations.filter((operation) => {
    if (!isOwnAppend(operation) || sent.has(operation.messageId)) return false;
    sent.add(operation.messageId);
    return true;
  });
}

/** Active spans, without those that were only possible between two looks. */
export function activeSpans(view: HistoryView, node: NodeName): Span[] {
  return view.spans[node].active.filter((span) => !span.isOnlyPossible);
}

/** The span that covers all of [fromNs, toNs] with certainty. */
export function covering(spans: readonly Span[], fromNs: number, toNs: number): Span | undefined {
  return spans.find((span) => span.fromNs <= fromNs && span.toNs >= toNs);
}

/** The first span that certainly meets [fromNs, toNs]. */
export function meeting(spans: readonly Span[], fromNs: number, toNs: number): Span | undefined {
  return spans.find((span) => !span.isOnlyPossible && span.toNs >= fromNs && span.fromNs <= toNs);
}

/** The service node that was certainly active at `t`. */
export function activeAt(view: HistoryView, t: number): NodeName | undefined {
  return (["alpha", "beta"] as const).find((node) => covering(activeSpans(view, node), t, t));
}

/** Last role that the node's notify script wrote, at or before `t`. */
export function roleAt(view: HistoryView, node: NodeName, t: number): string | undefined {
  return stateAt(view, node, t)?.role;
}

/** The first answered call that `pick` accepts, by time of answer. */
export function firstAnswer(view: HistoryView, pick: (operation: Operation) => boolean): Operation | undefined {
  let first: Operation | undefined;
  for (const operation of view.operations)
    if (isServing(operation) && pick(operation) && (!first || operation.endNs < first.endNs)) first = operation;
  return first;
}

/** Longest time without an acknowledged append on the client host in [fromNs, toNs]. */
export function longestOutageNs(view: HistoryView, fromNs: number, toNs: number): number {
  return outages(view, fromNs, toNs).reduce((longestNs, one) => Math.max(longestNs, one.toNs - one.fromNs), 0);
}

/** Every such time, in order. */
export function outages(view: HistoryView, fromNs: number, toNs: number): { fromNs: number; toNs: number }[] {
  const ends = view.operations
    .filter((o) => o.outcome === "ok" && o.f === "append" && isOutside(o.process) && o.endNs > fromNs && o.endNs < toNs)
    .map((o) => o.endNs)
    .sort((a, b) => a - b);
  return [...ends, toNs].map((t, place) => ({ fromNs: ends[place - 1] ?? fromNs, toNs: t }));
}
