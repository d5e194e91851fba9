// Steps "back-up-artifacts" and "restore-artifacts": what an operator does with the artifacts of a node. Its folder is
// copied to the client host, and the copy is put on the node that serves. Nothing of the zone takes part.

import { HarnessError } from "#base/errors.ts";
import { type NodeName, type ServiceNode, serviceNodes } from "#spec/node.ts";
import type { StepOf } from "#spec/steps.ts";
import { isActive } from "#scenario/membership.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Copies the artifacts of a node. A second copy replaces the first. */
    "back-up-artifacts": { node: ServiceNode };
    /** Puts that copy into the artifact folder of the active node. */
    "restore-artifacts": object;
  }
}

const copyTimeoutMs = 20_000;
const copy = "/run/triad/artifacts.tar";

/** Marks `backed-up`. */
export async function backUpArtifacts(context: StepContext, { node }: StepOf<"back-up-artifacts">): Promise<void> {
  const command = `mkdir -p /run/triad && tar -C ${folderOf(context, node)} -cf ${copy} .`;
  context.history.mark("backed-up", { node, files: await filesAfter(context, node, command) });
}

/** Marks `backup-restored`. */
export async function restoreArtifacts(context: StepContext): Promise<void> {
  const node = serviceNodes.find((name) => isActive(context, name));
  if (!node) return context.history.mark("backup-restored", { isTimedOut: true, saw: "no node was active" });
  const command = `tar -C ${folderOf(context, node)} -xf ${copy}`;
  context.history.mark("backup-restored", { node, files: await filesAfter(context, node, command) });
}

function folderOf({ zone }: StepContext, node: NodeName): string {
  return `/proc/${zone.node(node).pid}/root${zone.plan.contract.stores.artifacts}`;
}

/** Runs the agent's own tar. @returns how many files the copy holds. */
async function filesAfter({ zone }: StepContext, node: NodeName, command: string): Promise<number> {
  const { code, stdout, stderr } = await zone.askNode(node, {
    do: "run-inside",
    namespaces: ["net"],
    argv: ["sh", "-c", `${command} && tar -tf ${copy} | grep -vc '/$'`],
    timeoutMs: copyTimeoutMs,
  });
  if (code !== 0) throw new HarnessError("agent/refused", `tar on ${node} ended with ${code}: ${stderr.slice(0, 200)}`);
  return Number(stdout.trim());
}
