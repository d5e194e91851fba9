// Steps "flush" and "count-disks", on nodes whose folders lie on file systems of their own.

import { nowNs } from "#base/clock.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { storesOf } from "#topology/stores.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /**
     * Writes the file systems of these nodes, by default all, to their disks: as if a flush interval had just ended.
     */
    flush: { nodes?: NodeName[] };
    /**
     * Writes down how often the disk of each node's messages was written and flushed so far, as the kernel counts it.
     */
    "count-disks": object;
  }
}

/** Marks `flushed`. What was written before `beganNs` is on the disks. */
export async function flush(context: StepContext, { nodes = [...nodeNames] }: StepOf<"flush">): Promise<void> {
  const beganNs = nowNs();
  const disks = disksOf(context).filter(({ node }) => nodes.includes(node));
  await Promise.all(disks.map(({ node, folders }) => context.zone.askNode(node, { do: "flush", folders })));
  context.history.mark("flushed", { beganNs, nodes: disks.map(({ node }) => node) });
}

/** Marks `disks`. */
export async function countDisks(context: StepContext): Promise<void> {
  const counted = disksOf(context).map(async ({ node, folders: all }) => {
    const folders = all.filter((path) => path === context.zone.plan.contract.stores.jetstream);
    return [node, await context.zone.askNode(node, { do: "count-disks", folders })] as const;
  });
  context.history.mark("disks", Object.fromEntries(await Promise.all(counted)));
}

/** Nodes that run and have disks. */
function disksOf({ zone }: StepContext): { node: NodeName; folders: string[] }[] {
  return nodeNames
    .filter((name) => zone.node(name).isUp)
    .map((node) => ({ node, folders: storesOf(zone.plan, node).map((store) => store.path) }))
    .filter(({ folders }) => folders.length > 0);
}
