// Stretches of time in which one node acknowledged facts without a longer pause.

import { callTypes } from "#history/event-table.ts";
import type { HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { nsPerMs, nsPerS } from "#checkers/checker.ts";
import { isOutside } from "#checkers/queries/history-queries.ts";

export interface Term {
  node: NodeName;
  fromNs: number;
  toNs: number;
}

/** So long a node must serve until more may be asked of it: elections of single streams took up to 10.3 s. */
const termMinNs = 15 * nsPerS;

/** Of at least 15 s. */
export function termsOf(view: HistoryView): Term[] {
  const { operations } = view;
  const pauseMaxNs = view.bounds.requestMaxMs * nsPerMs;
  const open = new Map<NodeName, Term>();
  const terms: Term[] = [];
  for (let place = 0; place < operations.length; place += 1) {
    const row = operations.ended.at(place);
    if (row < 0 || callTypes[operations.table.calls.type[row]!] !== "ok") continue;
    const { f, node, process, endNs } = operations.at(place)!;
    if (f !== "append" || node === undefined || !isOutside(process)) continue;
    const term = open.get(node);
    if (term && endNs - term.toNs <= pauseMaxNs) term.toNs = Math.max(term.toNs, endNs);
    else {
      const next = { node, fromNs: endNs, toNs: endNs };
      open.set(node, next);
      terms.push(next);
    }
  }
  return terms.filter(({ node, fromNs, toNs }) => nodeNames.includes(node) && toNs - fromNs >= termMinNs);
}
