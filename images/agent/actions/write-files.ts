// Writes files inside a node, with their folders. All of them are there before the first one takes its name: a program
// that reads a certificate and its key finds two that match, but for the instant between two renames.

import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { WriteFilesRequest } from "#protocol/commands/node.ts";
import { nodePath } from "../namespace/programs.ts";

export function writeInside({ pid, files }: WriteFilesRequest): { bytes: number } {
  const made = files.map(({ path, text, mode }) => {
    const file = nodePath(pid, path);
    const draft = `${file}.new`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, text, { mode });
    // The process's own mask may have taken bits of the mode.
    chmodSync(draft, mode);
    return { draft, file };
  });
  for (const { draft, file } of made) renameSync(draft, file);
  return { bytes: files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) };
}
