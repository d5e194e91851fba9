// Makes the file systems that nodes' folders lie on: sparse images in a memory of the agent's own, each on a loop
// device. An image is deleted as soon as its device is attached, and the device frees itself with the last who has it
// open: a holder in the agent's container, and the node that has it mounted. So whatever way the zone ends, nothing of
// them is left.

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import type { DiskCounts, FoldersRequest, MakeStoresRequest } from "#protocol/commands/storage.ts";
import { must } from "../namespace/programs.ts";
import { attach, letGo } from "./loop-device.ts";
import { mountedIn } from "../namespace/mountinfo.ts";

const folder = "/run/triad-stores";
/**
 * Room for a million small facts; the file is sparse. Also the least that mkfs.xfs is content with, with some to spare.
 */
const imageBytes = 640 * 1024 * 1024;
const mkfsTimeoutMs = 20_000;

const mkfs = {
  // Inode tables are written now: the kernel's thread that writes them later would do so in the middle of a scenario.
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
    // In use, so that it is detached only when nobody has it open any more.
    await letGo(device);
    rmSync(file);
    devices[name] = device;
  }
  return { devices };
}

/** By /sys/dev/block/MAJOR:MINOR/stat: fields 5, 7 and 16 (Documentation/block/stat.rst), sectors of 512 bytes. */
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
