// Appends under a message id that is already taken: with another payload, which must be refused, and of a fact that an
// earlier load had acknowledged, which must keep its offset.

import { appendWord, none } from "#history/event-table.ts";
import type { Operation } from "#history/operations.ts";
import type { HistoryView } from "#history/view.ts";
import { Tally } from "./tally.ts";

/**
 * The append is not of this load's own facts as they were first sent. `digests`: of the first call of each id; a new
 * one is noted.
 */
export function isApart(view: HistoryView, place: number, digests: Int32Array): boolean {
  const { table, operations } = view;
  const row = operations.invoked.at(place);
  const [id, digest] = [table.calls.id[row]!, table.calls.digest[row]!];
  const whole = table.calls.whole[row] === none ? undefined : table.wholeCall(row);
  if (whole?.isOther || whole?.firstOffset !== undefined) return true;
  if (id === none || digest === none) return false;
  if (digests[id] === none) digests[id] = digest;
  return digests[id] !== digest;
}

/** The right answer to another payload. */
const refusal = "rpc-already-exists";

export class Repeats {
  /** Calls with another payload, and how they ended: "ok", or the error. */
  others = 0;
  readonly othersByOutcome: Record<string, number> = {};
  /** Refused because another fact has the id, by node. */
  readonly refusedBy: Record<string, number> = {};
  readonly acknowledgedOther = new Tally();
  /** Facts of earlier loads: sent again, and answered with an offset. */
  older = 0;
  olderAnswered = 0;
  /** Answered with another offset than then. */
  readonly olderMoved = new Tally();

  constructor(view: HistoryView) {
    const { operations, table } = view;
    const digests = new Int32Array(table.ids.count).fill(none);
    for (let place = 0; place < operations.length; place += 1) {
      const row = operations.invoked.at(place);
      if (table.calls.f[row] !== appendWord || !isApart(view, place, digests)) continue;
      const { isOther, firstOffset } = table.wholeCall(row) ?? {};
      const operation = operations.at(place)!;
      if (isOther || firstOffset === undefined) this.#other(operation);
      else this.#older(operation, firstOffset);
    }
  }

  #other(operation: Operation): void {
    const { outcome, error = outcome, node, messageId, index } = operation;
    this.others += 1;
    this.othersByOutcome[error] = (this.othersByOutcome[error] ?? 0) + 1;
    if (outcome === "ok") this.acknowledgedOther.add(() => `${messageId} by ${node} at ${operation.offset}`, index);
    if (error === refusal && node) this.refusedBy[node] = (this.refusedBy[node] ?? 0) + 1;
  }

  #older({ outcome, offset, messageId, index }: Operation, firstOffset: number): void {
    this.older += 1;
    if (outcome !== "ok") return;
    this.olderAnswered += 1;
    if (offset !== firstOffset) this.olderMoved.add(() => `${messageId} at ${firstOffset}, then at ${offset}`, index);
  }
}
