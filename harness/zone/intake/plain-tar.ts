// The bytes of a root file system as a plain tar stream: from an archive, packed or not, or from a folder.

import { spawn } from "node:child_process";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { PassThrough, pipeline, type Readable, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { HarnessError } from "#base/errors.ts";
import { xzMagic } from "./kind-of-file.ts";
import { unpackedXz } from "./xz.ts";

export type ByteSource = AsyncIterable<Buffer>;

const unpackers: [Buffer, () => Transform][] = [
  [Buffer.from([0x1f, 0x8b]), () => createGunzip()],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), () => createZstdDecompress()],
];

/** The unpacked content of an archive. */
export function plainTar(path: string): ByteSource {
  const head = Buffer.alloc(xzMagic.length);
  const file = openSync(path, "r");
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  if (head.equals(xzMagic)) return unpackedXz(path);
  const unpack = unpackers.find(([magic]) => head.subarray(0, magic.length).equals(magic))?.[1];
  const plain = createReadStream(path);
  return unpack ? pipeline(plain, unpack(), () => {}) : plain;
}

/** The machine's own tar reads the folder: owners, modes and extended attributes stay, and nothing is written. */
export function tarOfFolder(folder: string): Readable {
  const argv = ["-C", folder, "--numeric-owner", "--xattrs", "--sort=name", "--one-file-system", "-c", "."];
  const child = spawn("tar", argv, { stdio: ["ignore", "pipe", "pipe"] });
  const out = new PassThrough();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complaint = (complaint + chunk).slice(-300)));
  child.on("error", () =>
    out.destroy(new HarnessError("node-image/no-tool", "this machine has no program tar to read the folder")),
  );
  child.stdout.pipe(out, { end: false });
  child.on("close", (code) => {
    if (code === 0) out.end();
    else
      out.destroy(new HarnessError("node-image/damaged", `the root file system cannot be read: ${complaint.trim()}`));
  });
  out.on("close", () => child.kill("SIGKILL"));
  return out;
}
