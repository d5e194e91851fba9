// One try of a gate: a fault that closes it on a service node, and how long the fault lasted. This file finds tries in
// a history; others judge them.

import type { Span } from "#history/spans.ts";
import type { FaultLife, HistoryView } from "#history/view.ts";
import { isServiceNode, type ServiceNode } from "#spec/node.ts";
import type { GateName } from "#spec/zone-spec.ts";
import { type Assertion, kept, undecided } from "../assertions.ts";
import { activeSpans, effectNs, loadEndNs, meeting, returnNs, targetOf, touchNs } from "../queries/history-queries.ts";

export interface Try {
  life: FaultLife;
  node: ServiceNode;
  /** For people, e.g. "storage full on beta". */
  words: string;
  /** "short", "eio", …; empty when the fault has no such field. */
  way: string;
  /** Program or service that the fault aims at; empty when it has none. */
  target: string;
  touchedNs: number;
  effectNs: number;
  /** When its healing or the end of load began. */
  endNs: number;
  /** The active span of the node when the injection began. */
  active: Span | undefined;
}

/** Faults that close that gate on a service node. */
export function triesAt(view: HistoryView, gate: GateName): Try[] {
  return triesOf(view, ({ traits }) => traits.gate === gate);
}

/** Faults picked by `isOne` that took effect on a service node, in order. */
export function triesOf(view: HistoryView, isOne: (life: FaultLife) => boolean): Try[] {
  const found: Try[] = [];
  for (const life of view.faults) {
    const node = life.nodes[0];
    const endNs = Math.min(returnNs(life), loadEndNs(view));
    if (!node || !isServiceNode(node) || effectNs(life) >= endNs || !isOne(life)) continue;
    const touchedNs = touchNs(life);
    found.push({
      life,
      node,
      words: life.spec.words ?? `${life.fault} on ${node}`,
      way: life.spec.way ?? "",
      target: targetOf(life) ?? "",
      touchedNs,
      effectNs: effectNs(life),
      endNs,
      active: meeting(activeSpans(view, node), touchedNs, touchedNs),
    });
  }
  return found;
}

/**
 * Premise of every denial: the node is promoted once the obstacle is gone, at `freeNs`; the hand-back after the load
 * counts. A node that can never be promoted is denied by no gate. Older histories end before the hand-back. There the
 * node must have been active at another time.
 */
export function canBePromoted(view: HistoryView, node: ServiceNode, freeNs: number): Assertion {
  const says = `${node} was promoted once nothing denied it`;
  const spans = activeSpans(view, node);
  const after = spans.find(({ fromNs }) => fromNs >= freeNs);
  if (after) return kept(says, { events: [after.events[0]] });
  const isHandBackSeen = view.history.header.bounds["preemptionWatchS"] !== undefined;
  if (!isHandBackSeen && spans[0]) return kept(says, { saw: "at another time", events: [spans[0].events[0]] });
  return undecided(says, spans[0] ? "it was active only before" : "it was never active in this scenario");
}

/** The first span that meets the window, certain or only possible. */
export function firstIn(spans: readonly Span[], fromNs: number, toNs: number): Span | undefined {
  return spans.find((span) => span.toNs >= fromNs && span.fromNs <= toNs);
}
