// Damages a block file of a node's message store through /proc/PID/root, while the node's server is down: one bit in
// the middle is flipped, or the tail is cut off. Rot cannot be undone.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RotRequest, Rotted } from "#protocol/commands/storage.ts";
import { nodePath } from "../namespace/programs.ts";

/** The part of the file that a cut removes. */
const cutShare = 1 / 4;

/** @throws when the folder holds no block, or the file did not change */
export function rotBlock({ pid, folder, way }: RotRequest): Rotted {
  const root = nodePath(pid, folder);
  const file = newestBlock(root);
  const path = join(root, file);
  const before = readFileSync(path);
  const { bytes, at } = rotten(before, way);
  // Written in place, as on a disk that rots. The file is not replaced.
  writeFileSync(path, bytes);
  const after = readFileSync(path);
  const rotted = {
    file: `${folder}/${file}`,
    bytesBefore: before.length,
    bytesAfter: after.length,
    digestBefore: digestOf(before),
    digestAfter: digestOf(after),
    bitsFlipped: bitsBetween(before, after),
    at,
  };
  if (rotted.digestBefore === rotted.digestAfter) throw new Error(`${rotted.file} did not change`);
  return rotted;
}

/** The bytes after the rot, and the first byte that it changed. */
export function rotten(bytes: Buffer, way: RotRequest["way"]): { bytes: Buffer; at: number } {
  if (bytes.length < 8) throw new Error(`a block of ${bytes.length} bytes holds no message`);
  if (way === "cut") {
    const at = Math.floor(bytes.length * (1 - cutShare));
    return { bytes: bytes.subarray(0, at), at };
  }
  const at = bytes.length >> 1;
  const flipped = Buffer.from(bytes);
  flipped[at]! ^= 1;
  return { bytes: flipped, at };
}

/** Blocks are numbered in order. The newest one that is not empty holds the facts of this run. */
function newestBlock(root: string): string {
  const blocks = readdirSync(root).flatMap((name) => (/^\d+\.blk$/.test(name) ? [Number.parseInt(name, 10)] : []));
  const newest = blocks.sort((a, b) => b - a).find((number) => readFileSync(join(root, `${number}.blk`)).length > 0);
  if (newest === undefined) throw new Error(`no block with a message below ${root}`);
  return `${newest}.blk`;
}

export function bitsBetween(a: Buffer, b: Buffer): number {
  let bits = 0;
  for (let at = 0; at < Math.min(a.length, b.length); at += 1)
    for (let differing = a[at]! ^ b[at]!; differing > 0; differing >>= 1) bits += differing & 1;
  return bits;
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
