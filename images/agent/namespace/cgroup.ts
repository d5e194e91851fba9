// Finds and uses the control group of a node, of version 1 or 2. The paths are those of the daemon's own tree, so they
// are read in the daemon's cgroup namespace and reached through the root of its first process.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { must } from "./programs.ts";

const root = "/proc/1/root/sys/fs/cgroup";

export interface NodeGroup {
  version: 1 | 2;
  folder: string;
}

/** @throws when the kernel has no such controller for the node */
export async function groupOf(pid: number, controller: "cpu" | "memory" | "blkio"): Promise<NodeGroup> {
  const text = await must(["nsenter", "--target=1", "--cgroup", "cat", `/proc/${pid}/cgroup`]);
  const found = groupIn(text, controller);
  const folders = found.mounts.map((mount) => `${root}${mount}${found.path}`);
  const folder = folders.find((one) => existsSync(one));
  if (!folder) throw new Error(`no group ${found.path} of ${controller} below ${folders.join(", ")}`);
  return { version: found.version, folder };
}

/**
 * From the text of /proc/PID/cgroup, as in cgroups(7): where the hierarchy may be mounted, and the path below. Pure.
 */
export function groupIn(text: string, controller: string): { version: 1 | 2; mounts: string[]; path: string } {
  for (const line of text.trim().split("\n")) {
    const [, names = "", path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (names.split(",").includes(controller)) return { version: 1, mounts: [`/${controller}`, `/${names}`], path };
  }
  const unified = /^0::(.*)$/m.exec(text)?.[1];
  if (unified === undefined) throw new Error(`no group of ${controller}: ${text.trim()}`);
  return { version: 2, mounts: ["", "/unified"], path: unified };
}

/** The text of one of its files; empty where there is none. */
export function readGroup({ folder }: NodeGroup, file: string): string {
  const path = `${folder}/${file}`;
  return existsSync(path) ? readFileSync(path, "utf8").trim() : "";
}

export function writeGroup({ folder }: NodeGroup, file: string, text: string): void {
  writeFileSync(`${folder}/${file}`, text);
}
