// Step "await-answer": the zone answers a client again, and goes on to.

import type { HistoryEvent } from "#history/event.ts";
import type { ServiceNode } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { markOutcome } from "#scenario/mark-outcome.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Waits until `node`, or any node, answers an AppendFact, and then until its answers are sustained. */
    "await-answer": { node?: ServiceNode; deadlineMs: number };
  }
}

/**
 * Marks `failed-over`. A repair that follows may cause an election. The zone must have had its time for the takeover
 * before that.
 */
export async function awaitAnswer(context: StepContext, step: StepOf<"await-answer">): Promise<void> {
  const { history, service, signal } = context;
  const { node, deadlineMs } = step;
  const isAnswer = (event: HistoryEvent) =>
    event.type === "ok" && event.f === "append" && (!node || event.node === node);
  const what = `an answer of ${node ?? "any node"}`;
  await markOutcome(
    () => history.next(isAnswer, { what, deadlineMs, signal }),
    (end) => history.mark("failed-over", { ...(node ? { node } : {}), ...end }),
  );
  await service.untilServed();
}
