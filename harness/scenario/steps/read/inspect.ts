// Step "inspect": what the kernel and the node's own server say of each node that is up, as `inspection` and `server`
// events. A server that does not answer is written down as such; only trouble of the harness throws.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Inspects these nodes, by default all, that are up: processes, sockets, addresses, mounts, and the server. */
    inspect: { nodes?: NodeName[] };
  }
}

/** Several loopback proxies are opened for it, on a machine that may have no core free. */
const serverTimeoutMs = 6_000;

/** All nodes at once. Nodes that are down or frozen are left out. */
export async function inspect(
  { zone, history }: StepContext,
  { nodes = [...nodeNames] }: StepOf<"inspect">,
): Promise<void> {
  const up = nodes.filter((name) => zone.node(name).isUp && !history.lastLook(name)?.isFrozen);
  const asked = up.flatMap((node) => [
    zone.askNode(node, { do: "inspect-node" }),
    zone.askNode(node, { do: "server", timeoutMs: serverTimeoutMs }),
  ]);
  await Promise.all(asked);
}
