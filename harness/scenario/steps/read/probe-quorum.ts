// Step "probe-quorum": a write asked of one node's own server, as a `quorum` event.

import type { NodeName } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Asks the node's server for an acknowledged write. */
    "probe-quorum": { node: NodeName };
  }
}

const timeoutMs = 3_000;

export async function probeQuorum({ zone }: StepContext, { node }: StepOf<"probe-quorum">): Promise<void> {
  await zone.askNode(node, { do: "quorum", timeoutMs });
}
