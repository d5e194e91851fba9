// Answers of two nodes that interleave, on the clients' clocks alone. Needs no observer, so it also convicts a
// zone whose observer was looking elsewhere.

import type { Operation } from "#history/operations.ts";
import type { HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { msOf, nsPerS } from "./checker.ts";
import { isServing } from "./scene.ts";

export interface Interleaving {
  says: string;
  /** The answer before, the answer in between, the answer after. */
  events: number[];
}

/** Answers of one node, for searching: by end, and by invocation with the earliest end from there on. */
interface Answers {
  byEnd: Operation[];
  byInvoke: Operation[];
  earliestFrom: Operation[];
}

/**
 * Calls answered by A that lie, from invocation to answer, after an answer of B and before the invocation of
 * another call answered by B, the two answers of B being nearer than the least time a failover may take. Two
 * legitimate handovers need twice that, so within it B was serving on both sides of A's answer.
 */
export function interleavedAnswers(view: HistoryView): Interleaving[] {
  const served = view.operations.filter((operation) => isServing(operation) && operation.node);
  const answers = new Map<NodeName, Answers>();
  for (const node of nodeNames) {
    const own = served.filter((operation) => operation.node === node);
    if (own.length > 0) answers.set(node, indexed(own));
  }
  if (answers.size < 2) return [];
  const windowNs = view.bounds.failoverMinS * nsPerS;
  const found: Interleaving[] = [];
  for (const between of served)
    for (const [node, other] of answers) {
      if (node === between.node) continue;
      const before = lastEndedBefore(other, between.invokeNs);
      const after = earliestInvokedAfter(other, between.endNs);
      if (!before || !after || after.endNs - before.endNs >= windowNs) continue;
      const withinMs = msOf(after.endNs - before.endNs);
      found.push({
        says: `${between.node} answered operation ${between.op} between two answers of ${node} that are ${withinMs} ms apart`,
        events: [before.index, between.index, after.index],
      });
    }
  return found;
}

function indexed(own: Operation[]): Answers {
  const byEnd = [...own].sort((a, b) => a.endNs - b.endNs);
  const byInvoke = [...own].sort((a, b) => a.invokeNs - b.invokeNs);
  const earliestFrom = [...byInvoke];
  for (let place = earliestFrom.length - 2; place >= 0; place -= 1)
    if (earliestFrom[place + 1]!.endNs < earliestFrom[place]!.endNs) earliestFrom[place] = earliestFrom[place + 1]!;
  return { byEnd, byInvoke, earliestFrom };
}

function lastEndedBefore(answers: Answers, t: number): Operation | undefined {
  return answers.byEnd[countWhile(answers.byEnd, (operation) => operation.endNs < t) - 1];
}

function earliestInvokedAfter(answers: Answers, t: number): Operation | undefined {
  return answers.earliestFrom[countWhile(answers.byInvoke, (operation) => operation.invokeNs <= t)];
}

/** How many leading items satisfy a condition that, once false, stays false. */
function countWhile(operations: readonly Operation[], isTrue: (operation: Operation) => boolean): number {
  let low = 0;
  let high = operations.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(operations[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
