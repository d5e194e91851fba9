// Step "withhold": the servers of the two nodes that do not serve are frozen together for a short time. No quorum can
// store anything then, so no controller may acknowledge anything.

import { HarnessError } from "#base/errors.ts";
import { nodeNames, serviceNodes } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { isActive } from "#scenario/membership.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Freezes the servers of the two nodes that are not active for `ms`, and lets them go on. */
    withhold: { ms: number };
  }
}

const replyDeadlineMs = 10_000;

/** Marks `withheld`. */
export async function withhold(context: StepContext, { ms }: StepOf<"withhold">): Promise<void> {
  const { zone, history, signal } = context;
  const active = serviceNodes.find((name) => isActive(context, name));
  const nodes = nodeNames.filter((name) => name !== active && zone.node(name).isUp);
  if (!active || nodes.length < 2) {
    history.mark("withheld", { nodes, saw: active ? "a node was down" : "no node was active" });
    return;
  }
  try {
    const pids = nodes.map((name) => zone.node(name).pid);
    const request = { do: "freeze-together", pids, match: "nats-server", forMs: ms } as const;
    const frozen = await zone.actuator.ask(request, ms + replyDeadlineMs);
    history.mark("withheld", { nodes, active, ...frozen });
  } catch (error) {
    if (signal.aborted || !(error instanceof HarnessError)) throw error;
    history.mark("withheld", { nodes, active, saw: error.message });
  }
}
