// What kind of file a person gave as a node image, by its content and never by its name.

import { createReadStream, openSync, closeSync, readSync, statSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { HarnessError } from "#base/errors.ts";
import { Budget, tarEntries } from "./archive-entries.ts";
import { unpackedXz } from "./xz.ts";

export type FileKind = "image-archive" | "root-archive" | "root-folder" | "disk" | "qcow2";

const qcow2Magic = Buffer.from([0x51, 0x46, 0x49, 0xfb]);
export const xzMagic = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const sectorBytes = 512;

/** @throws HarnessError `node-image/not-an-image` */
export async function kindOfFile(path: string): Promise<FileKind> {
  const stat = statSync(path);
  if (stat.isDirectory()) return kindOfFolder(path);
  if (!stat.isFile()) throw notAnImage(`${path} is neither a file nor a folder`);
  const head = headOf(path, 4 * sectorBytes);
  if (head.subarray(0, 4).equals(qcow2Magic)) return "qcow2";
  if (isTar(head) || !hasPartitions(head)) return kindOfArchive(path, head);
  return "disk";
}

function kindOfFolder(path: string): FileKind {
  if (["etc", "usr"].every((name) => existsSync(join(path, name)))) return "root-folder";
  throw notAnImage(`the folder ${path} holds no root file system`, "a folder with etc and usr");
}

/** A GPT, or the mark at the end of an MBR. */
function hasPartitions(head: Buffer): boolean {
  const isGpt = head.subarray(sectorBytes, sectorBytes + 8).toString("latin1") === "EFI PART";
  return isGpt || (head[510] === 0x55 && head[511] === 0xaa);
}

function isTar(head: Buffer): boolean {
  return head.subarray(257, 262).toString("latin1") === "ustar";
}

/** The first entries tell an image from a root: `docker save` and OCI layouts begin with their few names. */
async function kindOfArchive(path: string, head: Buffer): Promise<FileKind> {
  const isXz = head.subarray(0, xzMagic.length).equals(xzMagic);
  const source = isXz ? unpackedXz(path) : (createReadStream(path) as Readable);
  let count = 0;
  try {
    for await (const { header } of tarEntries(source, new Budget(16 * 1024 ** 3))) {
      const name = header.name.replace(/^\.\//, "").replace(/\/$/, "");
      if (["manifest.json", "index.json", "oci-layout", "repositories"].includes(name) || name.startsWith("blobs/"))
        return "image-archive";
      if (/^[0-9a-f]{64}(?:\.json|\/|$)/.test(name) || name === "blobs") return "image-archive";
      if (/^(?:usr|etc|bin|sbin|lib|var|opt)(?:\/|$)/.test(name)) return "root-archive";
      count += 1;
      if (count > 100) break;
    }
  } catch (error) {
    if (count === 0 && HarnessError.from(error).code === "controller/damaged")
      throw notAnImage(`${path} is no tar archive, no disk and no folder`);
    throw error;
  } finally {
    source.destroy();
  }
  throw notAnImage(
    count === 0 ? `${path} holds no file` : `${path} holds neither an image nor a root file system, or it ends early`,
  );
}

function headOf(path: string, bytes: number): Buffer {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(file, head, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}

export function notAnImage(
  how: string,
  expected = "an image as docker save writes it, an OCI layout, a root file system, or a disk",
): HarnessError {
  return new HarnessError("node-image/not-an-image", how, { expected });
}
