// Fills a disk of a node, or slows it down. Both need a file system of the node's own: a loop device that holds one
// folder. Full: a file takes every block that is left. It is allocated and not written, so it costs no memory. Slow:
// the kernel's block throttle lets only so many writes a second of the node's control group reach the device. Writes
// that the kernel makes on its own behalf, such as those of the journal, are not slowed.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { nowNs } from "#base/clock.ts";
import type { DiskFullReply, DiskFullRequest, DiskSlowReply, DiskSlowRequest } from "#protocol/commands/storage.ts";
import { type NodeGroup, groupOf, writeGroup } from "../namespace/cgroup.ts";
import { mountedIn } from "../namespace/mountinfo.ts";
import { must, nodePath, run } from "../namespace/programs.ts";
import { tryWriteIn } from "./storage.ts";

const notes = "/run/triad";
/** Below this a second file takes the rest. */
const stepBytes = 1024 * 1024;
/** Flushed writes that show how long one takes, and the most time that they may take. */
const probeWrites = 4;
const probeTimeoutMs = 30_000;

/** The server may give blocks back while the disk is being filled. Then what is left is taken again, so many times. */
const fillMax = 20;
const filler = ".triad-filler";

/** Idempotent both ways. @throws when a write does not show the wanted state afterwards */
export async function setDiskFull(request: DiskFullRequest): Promise<DiskFullReply> {
  const { pid, folder, isFull } = request;
  if (pid === 0) return freeOfStopped(request);
  const note = noteOf(request);
  const root = nodePath(pid, folder);
  if (!isFull) {
    const reply = stateOf(root, dropFillers(root));
    if (reply.write !== "written") throw new Error(`a write in ${folder} gave ${reply.write}`);
    rmSync(note, { force: true });
    return reply;
  }
  mkdirSync(notes, { recursive: true });
  writeFileSync(note, ownDevice(pid, folder));
  const most = `${root}/${filler}`;
  await allocateMost(most, freeBytes(root));
  for (let count = 0; count < fillMax; count += 1) {
    await must(["sh", "-c", `dd if=/dev/zero of="$0" bs=4k conv=fsync 2>/dev/null; true`, `${most}-${count}`]);
    const reply = stateOf(root, statSync(most).size);
    if (reply.write === "ENOSPC") return reply;
  }
  dropFillers(root);
  throw new Error(`${fillMax} times ${folder} was filled, and each time a write in it succeeded`);
}

/** Mounts the disk of a node that is down, for as long as it takes. */
async function freeOfStopped(request: DiskFullRequest): Promise<DiskFullReply> {
  const note = noteOf(request);
  if (request.isFull) throw new Error(`${request.node} is down`);
  if (!existsSync(note)) return { write: "none", fillerBytes: 0, freeBytes: 0 };
  const at = `${notes}/disk`;
  mkdirSync(at, { recursive: true });
  await must(["mount", loopDevice(readFileSync(note, "utf8")), at]);
  try {
    return stateOf(at, dropFillers(at));
  } finally {
    await must(["umount", at]);
    rmSync(note);
  }
}

const noteOf = ({ node, folder }: DiskFullRequest) => `${notes}/full-${node}${folder.replaceAll("/", "_")}`;

/** @returns their bytes */
function dropFillers(root: string): number {
  const names = readdirSync(root).filter((name) => name.startsWith(filler));
  const files = names.map((name) => `${root}/${name}`);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  for (const file of files) rmSync(file);
  return bytes;
}

function stateOf(root: string, fillerBytes: number): DiskFullReply {
  return { write: tryWriteIn(root), fillerBytes, freeBytes: freeBytes(root) };
}

const loopDevice = (numbers: string) => `/dev/loop${numbers.split(":")[1]}`;

/** A file system needs some blocks for its own tables, so that not all of what is free can be had. */
async function allocateMost(file: string, bytes: number): Promise<void> {
  for (let size = bytes; size > 0; size -= stepBytes)
    if ((await run(["fallocate", "--length", String(size), file])).code === 0) return;
}

function freeBytes(root: string): number {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize;
}

/** `writesPerS` null: no limit. The limit ends with the node's control group. */
export async function setDiskSlow({ pid, folder, writesPerS }: DiskSlowRequest): Promise<DiskSlowReply> {
  const device = ownDevice(pid, folder);
  const group = await groupOf(pid, "blkio");
  const beforeMs = await probe(group, nodePath(pid, folder));
  if (group.version === 1)
    writeGroup(group, "blkio.throttle.write_iops_device", `${device} ${String(writesPerS ?? 0)}`);
  else writeGroup(group, "io.max", `${device} wiops=${String(writesPerS ?? "max")}`);
  return { device, writes: probeWrites, beforeMs, afterMs: await probe(group, nodePath(pid, folder)) };
}

/** The block device that is mounted on the folder. @throws when the folder is no file system of the node's own */
function ownDevice(pid: number, folder: string): string {
  const mount = mountedIn(readFileSync(`/proc/${pid}/mountinfo`, "utf8")).findLast((one) => one.path === folder);
  const loopMajor = "7:";
  if (!mount?.device.startsWith(loopMajor)) throw new Error(`${folder} is no file system of the node's own`);
  return mount.device;
}

/** Makes some flushed writes as a process of the node's group. Returns the milliseconds that they took. */
async function probe(group: NodeGroup, root: string): Promise<number> {
  const file = `${root}/.triad-probe`;
  const join = `echo $$ >"${group.folder}/cgroup.procs"`;
  const fromNs = nowNs();
  try {
    await must(["sh", "-c", `${join} && exec dd if=/dev/zero of="$0" bs=4k count=${probeWrites} oflag=dsync`, file], {
      timeoutMs: probeTimeoutMs,
    });
    return (nowNs() - fromNs) / 1e6;
  } finally {
    rmSync(file, { force: true });
  }
}
