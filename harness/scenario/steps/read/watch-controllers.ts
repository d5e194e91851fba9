// Step "watch-controllers": which controller processes nodes run in a stretch of time. An inspection is one look, and a
// controller that its gates end lives for a tenth of a second.

import { nowNs } from "#base/clock.ts";
import type { ServiceNode } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Watches for `ms` whether these nodes run a controller, however shortly. */
    "watch-controllers": { nodes: ServiceNode[]; ms: number };
  }
}

const timeoutMs = 5_000;

/** Marks `watched` for each node, with how many controller processes were seen and how many were left at the end. */
export async function watchControllers(
  { zone, history }: StepContext,
  { nodes, ms }: StepOf<"watch-controllers">,
): Promise<void> {
  const fromNs = nowNs();
  const watched = nodes.map(async (node) => {
    const { seen, left } = await zone.askNode(
      node,
      { do: "processes", match: "controller", forMs: ms },
      ms + timeoutMs,
    );
    history.mark("watched", { node, fromNs, seen: seen.length, left: left.length });
  });
  await Promise.all(watched);
}
