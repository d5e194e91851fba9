// Step "await-rejoin": a repaired node is a member again and the zone answers.

import type { HistoryEvent } from "#history/event.ts";
import type { NodeName } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { markOutcome } from "#scenario/mark-outcome.ts";
import { untilMember } from "#scenario/membership.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Waits until a repaired node is a member again: standby where it serves, replicas current. */
    "await-rejoin": { node: NodeName; deadlineMs: number };
  }
}

/** Marks `recovered`. */
export function awaitRejoin(context: StepContext, { node, deadlineMs }: StepOf<"await-rejoin">): Promise<void> {
  const { history, signal } = context;
  const isAnswer = (event: HistoryEvent) => event.type === "ok" && event.f === "append";
  return markOutcome(
    async () => {
      await untilMember(context, node, deadlineMs);
      // A member that comes back may start an election; the zone has recovered when it answers again.
      await history.next(isAnswer, { what: "an answer after the rejoin", deadlineMs, signal });
    },
    (end) => history.mark("recovered", { node, ...end }),
  );
}
