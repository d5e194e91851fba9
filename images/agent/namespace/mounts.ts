// Lists what is mounted in a node, and mounts over one of its folders. Our own mount program runs in the node's mount
// namespace with our root, and reaches the node's files through /proc/PID/root. So the node needs no tool.

import { readFileSync } from "node:fs";
import { inMounts, must, nodePath } from "./programs.ts";
import { mountedIn } from "./mountinfo.ts";

export interface Mount {
  point: string;
  type: string;
  source: string;
}

/** The mounts in a mountinfo text, oldest first. Pure. */
export function mountsIn(mountinfo: string): Mount[] {
  return mountedIn(mountinfo).map(({ path, type, source }) => ({ point: path, type, source }));
}

/** The mounts on exactly `path` of the node. */
export function mountsOn(pid: number, path: string): Mount[] {
  return mountsIn(readFileSync(`/proc/${pid}/mountinfo`, "utf8")).filter((mount) => mount.point === path);
}

/** Mounts over `path` of the node. `-c` and `-i`: no canonical paths and no helpers, because both would be ours. */
export async function mountOver(pid: number, path: string, what: string[]): Promise<void> {
  await must(inMounts(pid, ["mount", "-c", "-i", ...what, nodePath(pid, path)]));
}

/** Removes the topmost mount. If something inside still uses it, lazily, so that it can always be undone. */
export async function unmountTop(pid: number, path: string): Promise<void> {
  const target = nodePath(pid, path);
  try {
    await must(inMounts(pid, ["umount", "-c", "-i", target]));
  } catch {
    await must(inMounts(pid, ["umount", "-c", "-i", "-l", target]));
  }
}
