// Breaks a folder of a node so that the kernel itself returns the error, proves it by a write that fails with that
// errno, and undoes it. Every way is a mount over the folder, so its contents are untouched.

import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { delay, nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import type { StorageReply, StorageRequest } from "#protocol/commands/storage.ts";
import { inMounts, must, nodePath } from "../namespace/programs.ts";
import { attach, isAttached, letGo, makeImage } from "./loop-device.ts";
import { mountOver, mountsOn, unmountTop } from "../namespace/mounts.ts";

type Way = StorageRequest["way"];

/** The errno that proves each way. */
const errnoOf: Record<Way, string> = { gone: "ENOENT", "read-only": "EROFS", full: "ENOSPC", eio: "EIO" };

/** What undoing needs. On disk, so that another agent process can undo it. */
interface Broken {
  way: Way;
  /** Mounts on the folder before it was broken. */
  mountsBefore: number;
  image?: string;
}

const folder = "/run/triad";
const source = "triad-storage";
/** Limit for the contents that are copied into a "full" folder. Above it the folder is full and otherwise empty. */
const carriedMax = 32 * 1024 * 1024;
const spareBytes = 256 * 1024;

const noteOf = (pid: number, path: string) => `${folder}/storage-${pid}${path.replaceAll("/", "_")}.json`;

/** @throws when the fault has no effect (it is then undone), or when something is left after undoing */
export async function setStorage(request: StorageRequest): Promise<StorageReply> {
  return request.isBroken ? breakFolder(request) : repairFolder(request);
}

async function breakFolder({ pid, path, way }: StorageRequest): Promise<StorageReply> {
  const note = noteOf(pid, path);
  if (existsSync(note)) throw new Error(`${path} is already broken`);
  mkdirSync(folder, { recursive: true });
  const image = way === "eio" ? `${folder}/eio-${pid}-${nowNs()}.img` : undefined;
  const broken: Broken = { way, mountsBefore: mountsOn(pid, path).length, ...defined({ image }) };
  writeFileSync(note, JSON.stringify(broken));
  try {
    await ways[way](pid, path, broken);
    const write = tryWrite(pid, path);
    if (write !== errnoOf[way]) throw new Error(`${path} ${way}: a write gave ${write}, not ${errnoOf[way]}`);
    return { way, isBroken: true, write, mounts: mountsOn(pid, path).length };
  } catch (error) {
    await undo({ pid, path, broken });
    throw error;
  }
}

/** Idempotent. */
async function repairFolder({ pid, path, way }: StorageRequest): Promise<StorageReply> {
  const note = noteOf(pid, path);
  if (existsSync(note)) await undo({ pid, path, broken: JSON.parse(readFileSync(note, "utf8")) as Broken });
  const write = tryWrite(pid, path);
  if (write !== "written") throw new Error(`${path} was repaired but a write gives ${write}`);
  return { way, isBroken: false, write, mounts: mountsOn(pid, path).length };
}

async function undo({ pid, path, broken }: { pid: number; path: string; broken: Broken }): Promise<void> {
  for (let left = mountsOn(pid, path).length - broken.mountsBefore; left > 0; left -= 1) await unmountTop(pid, path);
  if (broken.image) await dropImage(broken.image);
  rmSync(noteOf(pid, path), { force: true });
}

async function dropImage(image: string): Promise<void> {
  const untilNs = nowNs() + 3e9;
  while (await isAttached(image)) {
    if (nowNs() > untilNs)
      throw new Error(`${image} still backs a loop device: something in the node holds a file of it`);
    await delay(50);
  }
  rmSync(image, { force: true });
}

const ways: Record<Way, (pid: number, path: string, broken: Broken) => Promise<void>> = {
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
  const copy = size <= carriedMax ? mkdtempSync(`${folder}/full-`) : undefined;
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
async function makeEio(pid: number, path: string, { image }: Broken): Promise<void> {
  await makeImage(image!);
  const device = await attach(image!);
  try {
    await mountOver(pid, path, ["-t", "xfs", "-o", "nouuid", device]);
  } finally {
    await letGo(device);
  }
  await must(["xfs_io", "-x", "-c", "shutdown", nodePath(pid, path)]);
}

/** Makes, writes and removes a file in the folder, as the node would. */
function tryWrite(pid: number, path: string): string {
  const file = `${nodePath(pid, path)}/.triad-probe-${nowNs()}`;
  try {
    writeFileSync(file, "probe", { flush: true });
    rmSync(file);
    return "written";
  } catch (error) {
    try {
      rmSync(file, { force: true });
    } catch {
      // It never existed, or it goes with the mount.
    }
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
