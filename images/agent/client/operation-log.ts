// Records operations as they begin and end: numbers them and counts them by outcome. Sends nothing.

import { nowNs } from "#base/clock.ts";
import type { OperationEvent, OperationName } from "#history/event.ts";
import type { LoadTotals } from "#protocol/commands/client.ts";
import type { Outcome } from "#protocol/outcome.ts";

export type Details = Omit<OperationEvent, "t" | "type" | "op" | "process" | "f" | "error">;

export interface Operation {
  op: number;
  process: string;
  f: OperationName;
  details: Details;
}

export class OperationLog {
  readonly totals: LoadTotals = { invoked: 0, ok: 0, fail: 0, info: 0, skipped: 0 };
  readonly #emit: (event: OperationEvent) => void;
  readonly #open = new Map<number, Operation>();
  /** Numbers of the acknowledged appends of a quiet load. */
  readonly #acknowledged: number[] = [];
  readonly #isQuiet: boolean;
  #nextOp: number;

  constructor(firstOp: number, emit: ((event: OperationEvent) => void) | undefined) {
    this.#nextOp = firstOp;
    this.#isQuiet = emit === undefined;
    this.#emit = emit ?? (() => {});
  }

  get acknowledged(): readonly number[] {
    return this.#acknowledged;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** The number of the next operation. */
  get nextOp(): number {
    return this.#nextOp;
  }

  begin(process: string, f: OperationName, details: Details): Operation {
    const operation = { op: this.#nextOp, process, f, details };
    this.#nextOp += 1;
    this.totals.invoked += 1;
    this.#open.set(operation.op, operation);
    this.#emit({ t: nowNs(), type: "invoke", op: operation.op, process, f, ...details });
    return operation;
  }

  /** Ends an operation once. A second end is ignored, because the first is already recorded. */
  end(operation: Operation, outcome: Outcome, details: Details = {}): void {
    if (!this.#open.delete(operation.op)) return;
    this.totals[outcome.type] += 1;
    if (this.#isQuiet && outcome.type === "ok" && operation.f === "append") this.#acknowledged.push(operation.op);
    const { op, process, f } = operation;
    const error = outcome.type === "ok" ? {} : { error: outcome.error };
    this.#emit({ t: nowNs(), type: outcome.type, op, process, f, ...operation.details, ...details, ...error });
  }

  /** Ends every open operation with this outcome. */
  endAll(outcome: Outcome): void {
    // Deleting from a map while iterating over it is safe.
    for (const operation of this.#open.values()) this.end(operation, outcome);
  }
}
