// Writes a file inside a node, with its folders.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { WriteFileRequest } from "#protocol/commands/node.ts";
import { nodePath } from "../namespace/programs.ts";

export function writeInside({ pid, path, text, mode }: WriteFileRequest): { bytes: number } {
  const file = nodePath(pid, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
  // Writing an existing file leaves its mode as it was.
  chmodSync(file, mode);
  return { bytes: Buffer.byteLength(text) };
}
