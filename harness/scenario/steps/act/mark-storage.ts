// Step "mark-storage": a small file is written from outside into each storage folder of each node, and the folders of
// every node are listed. A node that sees another node's file shares its storage, whatever the mounts are called.

import { type NodeName, nodeNames, isServiceNode } from "#spec/node.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import type { StepContext } from "#scenario/step-context.ts";
import { storageMark } from "#spec/storage-mark.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Marks the storage of every node that is up, and lists all of it. */
    "mark-storage": object;
  }
}

const removeTimeoutMs = 5_000;

/** Emits `files` events. The marks are removed afterwards. */
export async function markStorage({ zone, seed }: StepContext): Promise<void> {
  const up = nodeNames.filter((node) => zone.node(node).isUp);
  const places = up.flatMap((node) => foldersOf(node, zone.plan.contract).map((folder) => ({ node, folder })));
  const pathOf = (node: NodeName, folder: string) => `${folder}/${storageMark(node, folder, seed)}`;
  for (const { node, folder } of places)
    await zone.askNode(node, {
      do: "write-files",
      files: [{ path: pathOf(node, folder), text: node, mode: 0o644 }],
    });
  for (const { node, folder } of places) await zone.askNode(node, { do: "files", folder });
  for (const { node, folder } of places)
    await zone.askNode(node, {
      do: "run-inside",
      namespaces: ["net"],
      argv: ["rm", "-f", `/proc/${zone.node(node).pid}/root${pathOf(node, folder)}`],
      timeoutMs: removeTimeoutMs,
    });
}

function foldersOf(node: NodeName, { stores }: NodeContract): string[] {
  return isServiceNode(node) ? [stores.jetstream, stores.artifacts] : [stores.jetstream];
}
