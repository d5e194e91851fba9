// The steps "flush" and "count-disks", on nodes whose folders lie on file systems of their own, and "pace". Each leaves a mark.

import { nowNs } from "#base/clock.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { Step } from "#spec/scenario.ts";
import { messageFolder, storesOf } from "#topology/stores.ts";
import type { StepContext } from "../step-context.ts";

/** Nodes that run and have disks. */
function disksOf({ zone }: StepContext): { node: NodeName; folders: string[] }[] {
  return nodeNames
    .filter((name) => zone.node(name).isUp)
    .map((node) => ({ node, folders: storesOf(zone.plan, node).map((store) => store.path) }))
    .filter(({ folders }) => folders.length > 0);
}

/** `beganNs`: what was written before it is on the disks. */
export async function flush(site: StepContext, nodes: readonly NodeName[] = nodeNames): Promise<void> {
  const beganNs = nowNs();
  const disks = disksOf(site).filter(({ node }) => nodes.includes(node));
  await Promise.all(disks.map(({ node, folders }) => site.zone.askNode(node, { do: "flush", folders })));
  site.feed.mark("flushed", { beganNs, nodes: disks.map(({ node }) => node) });
}

export async function countDisks(site: StepContext): Promise<void> {
  const counted = disksOf(site).map(async ({ node, folders: all }) => {
    const folders = all.filter((path) => path === messageFolder);
    return [node, await site.zone.askNode(node, { do: "count-disks", folders })] as const;
  });
  site.feed.mark("disks", Object.fromEntries(await Promise.all(counted)));
}

export async function pace({ load, feed }: StepContext, step: Extract<Step, { step: "pace" }>): Promise<void> {
  const to = "inFlight" in step ? { inFlight: step.inFlight } : { appendPerS: step.appendPerS };
  await load.pace(to);
  feed.mark("paced", to);
}
