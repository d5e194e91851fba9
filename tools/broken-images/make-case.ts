// Makes the file of one broken node image from a right one, as `docker save` would write it. The changes are one more
// layer, so the right image's own layer is the same file in every case.

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Header, type Pack, pack } from "tar-stream";
import { type BrokenCase, exampleFolder, replaced } from "./read-cases.ts";

/** A right image, unpacked: its configuration, and the file of its one layer. */
export interface RightImage {
  config: { architecture: string; os: string; config: object; rootfs: { type: string; diff_ids: string[] } };
  layer: string;
}

/** Makes `path`, unless the case has none. */
export async function makeCase(right: RightImage, one: BrokenCase, path: string): Promise<void> {
  switch (one.form) {
    case "absent":
      return;
    case "empty-tar":
      return writeFileSync(path, await tarOf([]));
    case "text":
      return writeFileSync(path, "This is the text of a letter about a node image.\n".repeat(100));
    case "bomb":
      return writeFileSync(path, await bomb());
    case "root-without-init":
      return writeFileSync(path, await tarOf([folder("etc/"), folder("usr/"), [{ name: "etc/hostname" }, "node\n"]]));
    default:
      await writeImage(right, one, path);
      if (one.form === "truncated") truncateSync(path, Math.floor(statSync(path).size * 0.6));
  }
}

type Entry = [Partial<Header> & { name: string }, string | Buffer];

const folder = (name: string): Entry => [{ name, type: "directory", mode: 0o755 }, ""];
const sha256 = (content: string | Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry({ mtime: new Date(0), ...header }, content);
  archive.finalize();
  return buffer(archive as unknown as NodeJS.ReadableStream);
}

/** The begin of a file of 1 TiB. */
async function bomb(): Promise<Buffer> {
  const archive = pack();
  const entry = archive.entry({ name: "usr/bomb", size: 2 ** 40 });
  entry.write(Buffer.alloc(1 << 20));
  const chunks: Buffer[] = [];
  for await (const chunk of archive as unknown as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if (chunks.length === 2) break;
  }
  return Buffer.concat(chunks);
}

function changesOf({ remove, write, link, edit, form }: BrokenCase): Entry[] {
  const inside = (path: string) => path.slice(1);
  return [
    ...remove.map((path): Entry => [{ name: inside(path).replace(/([^/]+)$/, ".wh.$1") }, ""]),
    ...write.map(({ path, text }): Entry => [{ name: inside(path), mode: 0o644 }, text]),
    ...link.map(({ path, to }): Entry => [{ name: inside(path), type: "symlink", linkname: to }, ""]),
    ...edit.map(({ file, ...change }): Entry => {
      const source = join(exampleFolder, "rootfs", file);
      const mode = statSync(source).mode & 0o777;
      return [{ name: inside(file), mode }, replaced(readFileSync(source, "utf8"), change)];
    }),
    ...(form === "foreign-init" ? [[{ name: "usr/sbin/init", mode: 0o755 }, armProgram()] as Entry] : []),
  ];
}

/** The header of a program for arm64. */
function armProgram(): Buffer {
  const program = Buffer.alloc(64);
  program.write("\u007fELF\u0002\u0001\u0001", "latin1");
  program.writeUInt16LE(183, 18);
  return program;
}

async function writeImage({ config, layer }: RightImage, one: BrokenCase, path: string): Promise<void> {
  const top = await tarOf(changesOf(one));
  const own = one.form === "other-layer" ? `sha256:${"0".repeat(64)}` : sha256(top);
  const text = JSON.stringify({
    ...config,
    ...(one.architecture ? { architecture: one.architecture } : {}),
    config: { ...config.config, ...(one.entrypoint ? { Entrypoint: one.entrypoint } : {}) },
    rootfs: { ...config.rootfs, diff_ids: [...config.rootfs.diff_ids, own] },
  });
  const archive = pack();
  const written = pipeline(archive as unknown as NodeJS.ReadableStream, createWriteStream(path));
  await addFile(archive, "right.tar", layer);
  archive.entry({ name: "changes.tar" }, top);
  archive.entry({ name: "config.json" }, text);
  const layers = ["right.tar", "changes.tar"];
  archive.entry({ name: "manifest.json" }, JSON.stringify([{ Config: "config.json", RepoTags: [], Layers: layers }]));
  archive.finalize();
  await written;
}

async function addFile(archive: Pack, name: string, path: string): Promise<void> {
  await pipeline(createReadStream(path), archive.entry({ name, size: statSync(path).size }));
}
