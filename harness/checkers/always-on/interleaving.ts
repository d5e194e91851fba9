// Finds answers of two nodes that interleave, from the clients' clocks alone, so it works without the observer. It uses
// columns, because a history may hold a million answers.

import { Column, orderOf } from "#history/columns.ts";
import type { HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { msOf, nsPerS } from "../checker.ts";
import { isServing } from "../queries/history-queries.ts";

export interface Interleaving {
  says: string;
  /** The answer before, the answer in between, the answer after. */
  events: number[];
}

/** Answers in order of invocation. */
class Answers {
  /** Places in the view's operations. */
  readonly places = Column.int32();
  readonly invokes = Column.float64();
  readonly ends = Column.float64();
  /**
   * Answers by end; and for each place in order of invocation, the answer from there on that ended first. Made on first
   * use.
   */
  #byEnd: Int32Array | undefined;
  #earliestFrom: Int32Array | undefined;

  push(place: number, invokeNs: number, endNs: number): void {
    this.places.push(place);
    this.invokes.push(invokeNs);
    this.ends.push(endNs);
  }

  get length(): number {
    return this.places.length;
  }

  /** The answer that ended last before `t`, or -1. */
  lastEndedBefore(t: number): number {
    this.#byEnd ??= Int32Array.from(orderOf(this.ends) ?? Array.from({ length: this.length }, (_, at) => at));
    const byEnd = this.#byEnd;
    const count = countWhile(this.length, (at) => this.ends.at(byEnd[at]!) < t);
    return count === 0 ? -1 : byEnd[count - 1]!;
  }

  /** Of the answers invoked after `t`, the one that ended first; or -1. */
  earliestInvokedAfter(t: number): number {
    this.#earliestFrom ??= this.#findEarliest();
    const count = countWhile(this.length, (at) => this.invokes.at(at) <= t);
    return count === this.length ? -1 : this.#earliestFrom[count]!;
  }

  #findEarliest(): Int32Array {
    const earliest = new Int32Array(this.length);
    for (let at = this.length - 1, best = at; at >= 0; at -= 1) {
      if (this.ends.at(at) <= this.ends.at(best)) best = at;
      earliest[at] = best;
    }
    return earliest;
  }
}

/**
 * B, A and B answer in turn, without overlap, and the two answers of B are closer than the least failover time. A
 * legitimate handover to A and back takes at least twice that time.
 */
export function interleavedAnswers(view: HistoryView): Interleaving[] {
  const answers = answersOf(view);
  const windowNs = view.bounds.failoverMinS * nsPerS;
  const found: Interleaving[] = [];
  for (const [node, own] of answers)
    for (const [other, theirs] of answers) {
      if (other === node) continue;
      for (let at = 0; at < own.length; at += 1) {
        const before = theirs.lastEndedBefore(own.invokes.at(at));
        if (before < 0) continue;
        const after = theirs.earliestInvokedAfter(own.ends.at(at));
        if (after < 0) continue;
        const withinNs = theirs.ends.at(after) - theirs.ends.at(before);
        if (withinNs >= windowNs) continue;
        const [first, between, last] = [theirs.places.at(before), own.places.at(at), theirs.places.at(after)].map(
          (place) => view.operations.at(place)!,
        );
        found.push({
          says: `${node} answered operation ${between!.op} between two answers of ${other} that are ${msOf(withinNs)} ms apart`,
          events: [first!.index, between!.index, last!.index],
        });
      }
    }
  return found.sort((a, b) => a.events[1]! - b.events[1]!);
}

function answersOf(view: HistoryView): Map<NodeName, Answers> {
  const byNode = new Map(nodeNames.map((node) => [node, new Answers()]));
  let place = 0;
  for (const operation of view.operations) {
    const node = isServing(operation) ? operation.node : undefined;
    if (node !== undefined) byNode.get(node)!.push(place, operation.invokeNs, operation.endNs);
    place += 1;
  }
  return byNode;
}

/** How many leading places satisfy a condition that stays false after the first failure. */
function countWhile(length: number, isTrue: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
