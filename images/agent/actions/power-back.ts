// After power came back: what of the two files that were left in a folder before its loss is there. The flushed one
// must be whole and the other must hold nothing: only then has the fault done what it says. Takes both away.

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

/** Everything that these folders hold goes to their disks, as the kernel and the node's programs would do in time. */
export async function flushFolders({ pid, folders }: FoldersRequest): Promise<void> {
  await must(["sync", "-f", ...folders.map((path) => nodePath(pid, path))], { timeoutMs: flushTimeoutMs });
}

/** Bytes that are as they were written; 0 for none. */
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
