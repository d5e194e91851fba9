// The ways to break a folder of a node: what is mounted over it, so that the kernel returns the wanted error.

import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import type { StorageRequest } from "#protocol/commands/storage.ts";
import { mountOver } from "../namespace/mounts.ts";
import { inMounts, must, nodePath } from "../namespace/programs.ts";
import { attach, letGo, makeImage } from "./loop-device.ts";

export type Way = StorageRequest["way"];

/** The errno that proves each way. */
export const errnoOf: Record<Way, string> = { gone: "ENOENT", "read-only": "EROFS", full: "ENOSPC", eio: "EIO" };

const source = "triad-storage";
/** Limit for the contents that are copied into a "full" folder. Above it the folder is full and otherwise empty. */
const carriedMax = 32 * 1024 * 1024;
const spareBytes = 256 * 1024;

/** Each mounts over the folder `path` of the node. `image`: a file for the ways that need a file system. */
export const storageWays: Record<Way, (pid: number, path: string, image?: string) => Promise<void>> = {
  gone: makeGone,
  "read-only": async (pid, path) => {
    const target = nodePath(pid, path);
    await mountOver(pid, path, ["--bind", target]);
    await must(inMounts(pid, ["mount", "-c", "-i", "-o", "remount,bind,ro", target]));
  },
  full: makeFull,
  eio: makeEio,
};

/**
 * Mounts a removed folder over the path: whatever is opened or made in it gives ENOENT. A rename would not work on
 * overlay or mount points, and the node could make the folder again. The removed folder is in its own tmpfs.
 */
async function makeGone(pid: number, path: string): Promise<void> {
  await mountOver(pid, path, ["-t", "tmpfs", "-o", "size=64k", source]);
  const target = nodePath(pid, path);
  const below = openSync(target, "r");
  try {
    mkdirSync(`${target}/gone`);
    await mountOver(pid, path, ["--bind", `${target}/gone`]);
    rmdirSync(`/proc/self/fd/${below}/gone`);
  } finally {
    closeSync(below);
  }
}

/** Mounts a tmpfs with the folder's contents and a file that takes all the rest. */
async function makeFull(pid: number, path: string): Promise<void> {
  const target = nodePath(pid, path);
  const size = Number((await must(["du", "-sb", target])).split("\t")[0]);
  const copy = size <= carriedMax ? mkdtempSync("/run/triad/full-") : undefined;
  try {
    if (copy) cpSync(target, copy, { recursive: true, preserveTimestamps: true });
    const sizeBytes = (copy ? size * 2 : 0) + spareBytes;
    await mountOver(pid, path, ["-t", "tmpfs", "-o", `size=${sizeBytes},mode=755`, source]);
    if (copy) await must(["cp", "-a", `${copy}/.`, `${target}/`]);
  } finally {
    if (copy) rmSync(copy, { recursive: true, force: true });
  }
  fill(`${target}/.triad-filler`);
}

/** Writes until the kernel returns ENOSPC. */
function fill(file: string): void {
  const fd = openSync(file, "w");
  const block = Buffer.alloc(4096);
  try {
    for (let count = 0; count < (carriedMax * 3) / block.length; count += 1) writeSync(fd, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(fd);
  }
}

/** Mounts a file system that is then shut down. */
async function makeEio(pid: number, path: string, image?: string): Promise<void> {
  if (!image) throw new Error("no file for the image");
  await makeImage(image);
  const device = await attach(image);
  try {
    await mountOver(pid, path, ["-t", "xfs", "-o", "nouuid", device]);
  } finally {
    await letGo(device);
  }
  await must(["xfs_io", "-x", "-c", "shutdown", nodePath(pid, path)]);
}
