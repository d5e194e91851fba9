// Makes the file systems for nodes' folders: sparse images in the agent's memory, each on a loop device. An image is
// deleted as soon as its device is attached. The device is freed when its last user closes it: a holder process in the
// agent's container, and the node that has it mounted. So nothing is left, however the zone ends.

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import type { DiskCounts } from "#history/event.ts";
import type { FoldersRequest, MakeStoresRequest } from "#protocol/commands/storage.ts";
import { must } from "../namespace/programs.ts";
import { attach, letGo } from "./loop-device.ts";
import { mountedIn } from "../namespace/mountinfo.ts";

const folder = "/run/triad-stores";
/** Enough for a million small facts. The file is sparse. It is also above the smallest size that mkfs.xfs accepts. */
const imageBytes = 640 * 1024 * 1024;
const mkfsTimeoutMs = 20_000;

const mkfs = {
  // Writes the inode tables now. Otherwise a kernel thread writes them later, during a scenario.
  ext4: ["mkfs.ext4", "-q", "-F", "-m", "0", "-N", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0"],
  xfs: ["mkfs.xfs", "-q", "-f"],
} as const;

/** Replies the device of each name. */
export async function makeStores({ kind, names }: MakeStoresRequest): Promise<{ devices: Record<string, string> }> {
  mkdirSync(folder, { recursive: true });
  const devices: Record<string, string> = {};
  for (const name of names) {
    const file = `${folder}/triad-store-${name}.img`;
    rmSync(file, { force: true });
    writeFileSync(file, "");
    truncateSync(file, imageBytes);
    await must([...mkfs[kind], file], { timeoutMs: mkfsTimeoutMs });
    const device = await attach(file);
    hold(device);
    // It is in use, so it is detached when its last user closes it.
    await letGo(device);
    rmSync(file);
    devices[name] = device;
  }
  return { devices };
}

/** Reads /sys/dev/block/MAJOR:MINOR/stat: fields 5, 7 and 16 (Documentation/block/stat.rst), sectors of 512 bytes. */
export function countDisks({ pid, folders }: FoldersRequest): DiskCounts {
  const mounts = mountedIn(readFileSync(`/proc/${pid}/mountinfo`, "utf8"));
  const sum: DiskCounts = { writes: 0, writtenBytes: 0, flushes: 0 };
  for (const path of folders) {
    const mount = mounts.findLast((one) => one.path === path);
    if (!mount) throw new Error(`nothing is mounted on ${path}`);
    const counts = readFileSync(`/sys/dev/block/${mount.device}/stat`, "latin1").trim().split(/\s+/).map(Number);
    sum.writes += counts[4] ?? 0;
    sum.writtenBytes += (counts[6] ?? 0) * 512;
    sum.flushes += counts[15] ?? 0;
  }
  return sum;
}

/** A process that outlives this one and ends with the agent's container. */
function hold(device: string): void {
  const fd = openSync(device, "r");
  spawn("sleep", ["infinity"], { stdio: [fd, "ignore", "ignore"], detached: true }).unref();
  closeSync(fd);
}
