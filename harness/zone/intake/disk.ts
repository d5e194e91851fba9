// The root partition of a disk image, mounted read only. Raw images with GPT or MBR, and qcow2 images after a
// conversion. Needs the programs sfdisk, losetup and mount of this machine, and root.

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { HarnessError, messageOf } from "#base/errors.ts";

export interface OpenDisk extends AsyncDisposable {
  /** Folder with the root file system. */
  root: string;
}

/** GPT type of a root partition of amd64 that says so. It is tried before other Linux partitions. */
const rootType = "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709";
const linuxTypes = ["0FC63DAF-8483-4772-8E79-3D69D8477DE4", "83"];
const toolTimeoutMs = 120_000;

interface Partition {
  start: number;
  size: number;
  type: string;
}

/**
 * @throws HarnessError `node-image/not-an-image` for a disk without a root, `node-image/no-tool` for a missing program
 */
export async function openDisk(path: string, kind: "disk" | "qcow2"): Promise<OpenDisk> {
  const folder = mkdtempSync(join(tmpdir(), "triad-disk-"));
  const undo: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step().catch(() => {});
  };
  try {
    const raw = kind === "disk" ? path : await converted(path, folder);
    const { partitions, sectorBytes } = await partitionsOf(raw);
    const root = join(folder, "root");
    await tool("mkdir", root);
    const tried: string[] = [];
    for (const one of candidates(partitions)) {
      const device = (
        await tool(
          "losetup",
          "--show",
          "-f",
          "-r",
          "-o",
          String(one.start * sectorBytes),
          "--sizelimit",
          String(one.size * sectorBytes),
          raw,
        )
      ).trim();
      undo.push(() => tool("losetup", "-d", device));
      const why = await mountReadOnly(device, root);
      if (why !== undefined) {
        tried.push(`the partition at ${one.start}: ${why}`);
        continue;
      }
      if (isRoot(root)) {
        undo.push(() => tool("umount", root));
        return { root, [Symbol.asyncDispose]: close };
      }
      await tool("umount", root);
      tried.push(`the partition at ${one.start} holds no usr/lib/os-release`);
    }
    throw new HarnessError(
      "node-image/not-an-image",
      `the disk has no root partition: ${tried.join("; ") || "no Linux partition"}`,
    );
  } catch (error) {
    await close();
    throw error;
  }
}

function isRoot(folder: string): boolean {
  return existsSync(join(folder, "usr/lib/os-release"));
}

/** Without replaying a journal. @returns why it could not be mounted. */
async function mountReadOnly(device: string, folder: string): Promise<string | undefined> {
  let why = "";
  for (const options of ["ro,noload", "ro,norecovery", "ro"])
    try {
      await tool("mount", "-o", options, device, folder);
      return undefined;
    } catch (error) {
      why = messageOf(error);
    }
  return why;
}

function candidates(partitions: Partition[]): Partition[] {
  const typed = partitions.filter(({ type }) => type.toUpperCase() === rootType);
  return [...typed, ...partitions.filter(({ type }) => linuxTypes.includes(type.toUpperCase()))];
}

async function partitionsOf(path: string): Promise<{ partitions: Partition[]; sectorBytes: number }> {
  const { partitiontable: table } = JSON.parse(await tool("sfdisk", "-J", path)) as {
    partitiontable?: { partitions?: Partition[]; sectorsize?: number };
  };
  return { partitions: table?.partitions ?? [], sectorBytes: table?.sectorsize ?? 512 };
}

async function converted(path: string, folder: string): Promise<string> {
  const raw = join(folder, "disk.raw");
  await tool("qemu-img", "convert", "-O", "raw", path, raw);
  return raw;
}

async function tool(name: string, ...argv: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(name, argv, { timeout: toolTimeoutMs })).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new HarnessError("node-image/no-tool", `this machine has no program ${name}, which reading a disk needs`);
    throw new HarnessError("node-image/damaged", `${name}: ${messageOf(error).slice(-300)}`, { cause: error });
  }
}
