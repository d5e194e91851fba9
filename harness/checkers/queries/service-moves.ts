// Every move of the service from one node to the other, found from the answers that clients on the client host got, and
// the fault that caused it. So a failover counts whatever caused it, and in either direction.

import { Column, orderOf } from "#history/columns.ts";
import type { Operation } from "#history/operations.ts";
import { type FaultLife, type HistoryView, markOf } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import { nsPerMs } from "../checker.ts";
import { effectNs, isOutside, isServing, touchNs } from "./history-queries.ts";

export interface ServiceMove {
  from: NodeName;
  to: NodeName;
  /** The last answer of the old node, and the first of the new one. */
  last: Operation;
  first: Operation;
  /** The fault that took the service from the old node; undefined when no fault was on it. */
  cause: FaultLife | undefined;
}

/** A call may be answered by a node that its fault is just reaching. */
const slackNs = 500 * nsPerMs;

const known = new WeakMap<HistoryView, ServiceMove[]>();

/** From the steady state on, in order of time. Computed once for each view. */
export function serviceMoves(view: HistoryView): ServiceMove[] {
  const found = known.get(view) ?? movesIn(view);
  known.set(view, found);
  return found;
}

/** Uses columns, because a history may hold a million answers. */
function movesIn(view: HistoryView): ServiceMove[] {
  const [places, ends] = [Column.int32(), Column.float64()];
  let place = 0;
  for (const one of view.operations) {
    if (isServing(one) && one.node && isOutside(one.process)) {
      places.push(place);
      ends.push(one.endNs);
    }
    place += 1;
  }
  const order = orderOf(ends);
  // Before it the service may be handed to Alpha after a cold start. That is no failover.
  const steadyNs = markOf(view, "steady")?.event.t ?? -Infinity;
  const moves: ServiceMove[] = [];
  let last: Operation | undefined;
  for (let at = 0; at < places.length; at += 1) {
    const first = view.operations.at(places.at(order ? order[at]! : at))!;
    if (last && last.node !== first.node && first.endNs >= steadyNs)
      moves.push({ from: last.node!, to: first.node!, last, first, cause: causeOf(view, last, first) });
    last = first;
  }
  return moves;
}

/**
 * The latest fault on the old node that had begun when it answered for the last time; else the first one after that.
 */
function causeOf(view: HistoryView, last: Operation, first: Operation): FaultLife | undefined {
  const lives = view.faults
    .filter((life) => life.nodes.includes(last.node!) && effectNs(life) <= first.endNs)
    .sort((a, b) => touchNs(a) - touchNs(b));
  return lives.findLast((life) => touchNs(life) <= last.endNs + slackNs) ?? lives[0];
}
