// Checks a folder after power came back. Two files were written before the loss: the flushed one must be complete, the
// unflushed one must hold nothing. Otherwise the fault did not do what it claims. Removes both.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { must, nodePath } from "../namespace/programs.ts";
import type { FoldersRequest, PowerBackReply } from "#protocol/commands/storage.ts";

const flushTimeoutMs = 20_000;

export function powerBack({ pid, folders }: FoldersRequest): PowerBackReply {
  return {
    stores: folders.map((path) => {
      const folder = nodePath(pid, path);
      const flushedBytes = bytesOf(`${folder}/.triad-flushed`);
      const unflushedBytes = bytesOf(`${folder}/.triad-unflushed`);
      const write = tryWrite(`${folder}/.triad-flushed`);
      for (const name of ["flushed", "unflushed", "after"]) rmSync(`${folder}/.triad-${name}`, { force: true });
      return { path, flushedBytes, unflushedBytes, write };
    }),
  };
}

/** Writes everything that these folders hold to their disks. */
export async function flushFolders({ pid, folders }: FoldersRequest): Promise<void> {
  await must(["sync", "-f", ...folders.map((path) => nodePath(pid, path))], { timeoutMs: flushTimeoutMs });
}

/** The file's size, if its contents are as written; else 0. */
function bytesOf(file: string): number {
  try {
    const text = readFileSync(file, "latin1");
    return text === "triad".repeat(text.length / 5) ? text.length : 0;
  } catch {
    return 0;
  }
}

function tryWrite(file: string): string {
  try {
    writeFileSync(file, "back", { flush: true });
    return "written";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
