// Client calls as intervals: each invocation paired with its outcome. One pass, memory linear in operations.
// Not a judge: what does not pair is reported as a defect of the history.

import type { NodeName } from "#spec/node.ts";
import type { HistoryEvent, OperationEvent, OperationName } from "./event.ts";

export interface Operation {
  op: number;
  process: string;
  f: OperationName;
  invokeNs: number;
  /** Infinity while open: the outcome never came. */
  endNs: number;
  /** `open` is as good as `info`: it may have happened. */
  outcome: "ok" | "fail" | "info" | "open";
  messageId: string | undefined;
  /** put, get, and an append that names one: the artifact. */
  key: string | undefined;
  digest: string | undefined;
  offset: number | undefined;
  /** ok: who answered. */
  node: NodeName | undefined;
  error: string | undefined;
  /** Index of the outcome in the history, of the invocation while open. */
  index: number;
}

export interface Pairing {
  /** In order of invocation. */
  operations: Operation[];
  /** Outcomes without an invocation, numbers used twice, processes with two open operations; at most 10 are worded. */
  defects: string[];
}

const defectsMax = 10;

export function pairOperations(events: readonly HistoryEvent[]): Pairing {
  const operations: Operation[] = [];
  const byOp = new Map<number, Operation>();
  const openByProcess = new Map<string, Operation>();
  const defects: string[] = [];
  const note = (defect: string) => void (defects.length < defectsMax && defects.push(defect));
  for (let index = 0; index < events.length; index += 1) {
    const event = events[index]!;
    if (event.type === "invoke") {
      if (byOp.has(event.op)) note(`operation ${event.op} was invoked twice`);
      if (openByProcess.has(event.process)) note(`process ${event.process} had two open operations`);
      const operation = opened(event, index);
      operations.push(operation);
      byOp.set(event.op, operation);
      openByProcess.set(event.process, operation);
    } else if (event.type === "ok" || event.type === "fail" || event.type === "info") {
      const operation = byOp.get(event.op);
      if (operation?.outcome !== "open") {
        note(`operation ${event.op} has an outcome and no open invocation`);
        continue;
      }
      close(operation, event, index);
      if (openByProcess.get(event.process) === operation) openByProcess.delete(event.process);
    }
  }
  return { operations, defects };
}

function opened(event: OperationEvent, index: number): Operation {
  const { op, process, f, messageId, digest, key } = event;
  return {
    op,
    process,
    f,
    messageId,
    key,
    digest,
    index,
    invokeNs: event.t,
    endNs: Infinity,
    outcome: "open",
    offset: undefined,
    node: undefined,
    error: undefined,
  };
}

function close(operation: Operation, event: OperationEvent, index: number): void {
  operation.endNs = event.t;
  operation.outcome = event.type as "ok" | "fail" | "info";
  operation.messageId = event.messageId ?? operation.messageId;
  operation.digest = event.digest ?? operation.digest;
  operation.offset = event.offset;
  operation.node = event.node;
  operation.error = event.error;
  operation.index = index;
}
