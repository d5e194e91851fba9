// Reads which files a process has open, and through which mount: where a store really lies. A configuration file, a
// path or a later mount over that path cannot hide it.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { OpenFolder } from "#history/event.ts";
import { mountsById } from "../namespace/mountinfo.ts";

/** File systems of the kernel itself. Nothing is stored there. */
const kernelTypes = new Set(["proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2", "devtmpfs"]);

/** Empty for a process that has ended. Pipes, sockets and devices are left out. */
export function openFoldersOf(pid: number): OpenFolder[] {
  const found = new Map<string, OpenFolder>();
  try {
    const mounts = mountsById(readFileSync(`/proc/${pid}/mountinfo`, "utf8"));
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const open = openFile(pid, fd);
      const mount = open && mounts.get(open.mount);
      if (!open || !mount || kernelTypes.has(mount.type) || open.path.startsWith("/dev/")) continue;
      const folder = dirname(open.path);
      const { device, type } = mount;
      const key = `${folder} ${device}`;
      const known = found.get(key) ?? { pid, folder, device, type, files: 0 };
      found.set(key, { ...known, files: known.files + 1 });
    }
  } catch {
    // It ended while it was read.
  }
  return [...found.values()];
}

/** Undefined for what is no file, and when it was closed meanwhile. */
function openFile(pid: number, fd: string): { path: string; mount: string } | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/fd/${fd}`);
    const mount = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"))?.[1];
    return path.startsWith("/") && mount !== undefined ? { path, mount } : undefined;
  } catch {
    return undefined;
  }
}
