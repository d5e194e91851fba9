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
 * Premise of every denial: the node was active at another time of the scenario. A node that can never be promoted is
 * denied by no gate.
 */
export function canBePromoted(view: HistoryView, node: ServiceNode): Assertion {
  const says = `${node} can be promoted when nothing denies it`;
  const [span] = activeSpans(view, node);
  return span ? kept(says, { events: [span.events[0]] }) : undecided(says, "it was never active in this scenario");
}

/** The first span that meets the window, certain or only possible. */
export function firstIn(spans: readonly Span[], fromNs: number, toNs: number): Span | undefined {
  return spans.find((span) => span.toNs >= fromNs && span.fromNs <= toNs);
}
