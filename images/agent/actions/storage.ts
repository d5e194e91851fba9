// Breaks a folder of a node, and repairs it. The kernel itself returns the error. The proof is a write that fails with
// its errno. Every way is a mount over the folder, so its contents are untouched.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delay, nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import type { StorageReply, StorageRequest } from "#protocol/commands/storage.ts";
import { mountsOn, unmountTop } from "../namespace/mounts.ts";
import { nodePath } from "../namespace/programs.ts";
import { isAttached } from "./loop-device.ts";
import { errnoOf, storageWays, type Way } from "./storage-ways.ts";

/** What undoing needs. On disk, so that another agent process can undo it. */
interface Broken {
  way: Way;
  /** Mounts on the folder before it was broken. */
  mountsBefore: number;
  image?: string;
}

const folder = "/run/triad";

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
    await storageWays[way](pid, path, image);
    const write = tryWriteIn(nodePath(pid, path));
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
  const write = tryWriteIn(nodePath(pid, path));
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

/** Makes, writes and removes a file in the folder, as the node would. */
export function tryWriteIn(folder: string): string {
  const file = `${folder}/.triad-probe-${nowNs()}`;
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
