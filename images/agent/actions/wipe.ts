// Empties folders of a node, as a new disk would be, and lists them again. The node is frozen, and is killed before it
// can run again, so it writes nothing after the wipe. Mounts stay; only their contents go.

import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FoldersRequest, WipeReply } from "#protocol/commands/storage.ts";
import { nodePath } from "../namespace/programs.ts";

/** @throws when a folder is missing or something in it cannot be removed */
export function wipeFolders({ pid, folders }: FoldersRequest): WipeReply {
  return { folders: folders.map((path) => ({ path, ...wipe(nodePath(pid, path)) })) };
}

function wipe(root: string): { files: number; bytes: number; left: number } {
  const files = filesBelow(root);
  const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
  for (const name of readdirSync(root)) {
    // Part of the file system, and empty on a sound one.
    if (name !== "lost+found") rmSync(join(root, name), { recursive: true });
  }
  return { files: files.length, bytes, left: filesBelow(root).length };
}

function filesBelow(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
