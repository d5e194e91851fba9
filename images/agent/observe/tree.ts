// The processes of a node: its PID 1 and everything below, through /proc/PID/task/TID/children. Programs that were
// started from outside (exec, nsenter) are not below it.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Limit for the walk. No node comes near it. */
const processesMax = 512;

/** PIDs of `root` and its descendants, `root` first. A process that ends during the walk is left out. */
export function processesBelow(root: number): number[] {
  const found = [root];
  for (let index = 0; index < found.length && found.length < processesMax; index += 1) {
    try {
      for (const task of readdirSync(`/proc/${found[index]}/task`)) {
        const children = readFileSync(`/proc/${found[index]}/task/${task}/children`, "latin1").trim();
        if (children !== "") found.push(...children.split(" ").map(Number));
      }
    } catch {
      // It ended between two reads.
    }
  }
  return found;
}

/** The process below `root` that holds the socket. The newest is tried first, because a listener is seldom old. */
export function ownerOf(inode: string, root: number): number | undefined {
  const wanted = `socket:[${inode}]`;
  return processesBelow(root)
    .toReversed()
    .find((pid) => holds(pid, wanted));
}

/** True when the process has `wanted` ("socket:[INODE]") open. False when it is gone. */
export function holds(pid: number, wanted: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === wanted;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
