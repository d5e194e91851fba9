// Step "await-vip": a node owns the VIP, or gives it up.

import type { HistoryEvent } from "#history/event.ts";
import type { ServiceNode } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { markOutcome } from "#scenario/mark-outcome.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Waits until the node owns the VIP, or does not. */
    "await-vip": { node: ServiceNode; isOwned: boolean; deadlineMs: number };
  }
}

/** Marks `held`. */
export function awaitVip({ history, signal }: StepContext, step: StepOf<"await-vip">): Promise<void> {
  const { node, isOwned, deadlineMs } = step;
  const isSo = (event: HistoryEvent) => event.type === "observed" && event.node === node && event.ownsVip === isOwned;
  const what = `${node} ${isOwned ? "to own" : "to give up"} the VIP`;
  return markOutcome(
    async () => {
      if (history.lastLook(node)?.ownsVip !== isOwned) await history.next(isSo, { what, deadlineMs, signal });
    },
    (end) => history.mark("held", { node, isOwned, ...end }),
  );
}
