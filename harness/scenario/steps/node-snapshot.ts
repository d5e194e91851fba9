// The step "inspection": what the kernel and its own server say of each node that is up, as `inspection` and `server` events.
// A server that does not answer is written down as such; only trouble of the harness throws.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { StepContext } from "../step-context.ts";

/** Several doors are opened for it, on a machine that may have no core free. */
const serverTimeoutMs = 6_000;

/** Looks at all of `nodes` at once; those that are down or frozen are left out. */
export async function inspection({ zone, feed }: StepContext, nodes: readonly NodeName[] = nodeNames): Promise<void> {
  const up = nodes.filter((name) => zone.node(name).isUp && !feed.lastLook(name)?.isFrozen);
  const asked = up.flatMap((node) => [
    zone.askNode(node, { do: "inspect-node" }),
    zone.askNode(node, { do: "server", timeoutMs: serverTimeoutMs }),
  ]);
  await Promise.all(asked);
}
