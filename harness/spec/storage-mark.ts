// The file that the harness writes into a node's storage to see which other node sees it. Its name says who wrote it.

import type { NodeName } from "./node.ts";

const prefix = ".triad-mark";

export function storageMark(node: NodeName, folder: string, seed: number): string {
  return `${prefix}-${node}${folder.replaceAll("/", "-")}-${seed}`;
}

/** The node that wrote that file; undefined for any other file. */
export function writerOf(path: string): string | undefined {
  const name = path.split("/").at(-1) ?? "";
  return name.startsWith(prefix) ? name.slice(prefix.length + 1).split("-")[0] : undefined;
}
