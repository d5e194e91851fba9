// One node in every form that needs no root to read: the digest of its content is the same. And what changes it.

import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { pack } from "tar-stream";
import { ownArchitecture } from "./image-archive.ts";
import { checkNodeFile } from "./node-image.ts";

interface Entry {
  name: string;
  text?: string | Buffer;
  mode?: number;
  type?: "file" | "directory";
  uid?: number;
  mtime?: Date;
}

const me = { uid: process.getuid!(), gid: process.getgid!() };
/** Larger than one chunk of a stream. */
const init = Buffer.alloc(1 << 20, "#!/bin/sh\n");
const node: Entry[] = [
  { name: "etc/", mode: 0o755, type: "directory" },
  { name: "etc/hostname", text: "node\n", mode: 0o644 },
  { name: "sbin/", mode: 0o755, type: "directory" },
  { name: "sbin/init", text: init, mode: 0o755 },
  { name: "usr/", mode: 0o755, type: "directory" },
];

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { text = "", ...header } of entries) archive.entry({ ...me, ...header }, text);
  archive.finalize();
  return buffer(archive as unknown as NodeJS.ReadableStream);
}

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

async function imageOf(layers: readonly Buffer[]): Promise<{ config: string; entries: Entry[] }> {
  const config = JSON.stringify({
    architecture: ownArchitecture(),
    os: "linux",
    config: { Entrypoint: ["/sbin/init"] },
    rootfs: { diff_ids: layers.map((one) => `sha256:${sha256(one)}`) },
  });
  return { config, entries: layers.map((text, place) => ({ name: `${place}.tar`, text })) };
}

async function dockerArchive(...layers: Buffer[]): Promise<Buffer> {
  const { config, entries } = await imageOf(layers);
  const manifest = [{ Config: "c.json", RepoTags: [], Layers: entries.map(({ name }) => name) }];
  return tarOf([
    ...entries,
    { name: "c.json", text: config },
    { name: "manifest.json", text: JSON.stringify(manifest) },
  ]);
}

async function ociLayout(layer: Buffer): Promise<Buffer> {
  const { config } = await imageOf([layer]);
  const packed = gzipSync(layer);
  const at = (content: string | Buffer) => ({ digest: `sha256:${sha256(content)}`, size: content.length });
  const manifest = JSON.stringify({ config: at(config), layers: [at(packed)] });
  return tarOf([
    { name: "oci-layout", text: "{}" },
    { name: "index.json", text: JSON.stringify({ manifests: [at(manifest)] }) },
    ...[manifest, config, packed].map((text) => ({ name: `blobs/sha256/${sha256(text)}`, text })),
  ]);
}

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "triad-content-"))));
afterEach(() => rmSync(folder, { recursive: true }));

let count = 0;
async function contentOf(bytes: Buffer): Promise<string> {
  const path = join(folder, `node-${(count += 1)}`);
  writeFileSync(path, bytes);
  return contentAt(path);
}

async function contentAt(path: string): Promise<string> {
  const checked = await checkNodeFile(path, () => {});
  return checked!.kind === "root" ? checked!.root.content : checked!.content;
}

async function treeAt(root: string): Promise<string> {
  for (const { name, text, mode, type } of node) {
    const path = join(root, name);
    if (type === "directory") mkdirSync(path, { recursive: true });
    else writeFileSync(path, text!);
    chmodSync(path, mode!);
  }
  return root;
}

describe("the digest of a node's content", () => {
  it("is the same for each form", async () => {
    const plain = await tarOf(node);
    const wanted = await contentOf(plain);
    expect(await contentOf(gzipSync(plain))).toBe(wanted);
    expect(await contentOf(zstdCompressSync(plain))).toBe(wanted);
    expect(await contentOf(await dockerArchive(plain))).toBe(wanted);
    expect(await contentOf(await ociLayout(plain))).toBe(wanted);
    expect(await contentAt(await treeAt(join(folder, "root")))).toBe(wanted);
  });

  it("does not see times, the order of entries, or the split into layers", async () => {
    const wanted = await contentOf(await tarOf(node));
    expect(await contentOf(await tarOf(node.map((one) => ({ ...one, mtime: new Date(0) })).toReversed()))).toBe(wanted);
    const later = node.slice(2);
    const replaced = [...node.slice(0, 2), { name: "sbin/init", text: "other", mode: 0o755 }];
    expect(await contentOf(await dockerArchive(await tarOf(replaced), await tarOf(later)))).toBe(wanted);
  });

  it("sees a byte, a mode, an owner and a name", async () => {
    const change = (part: Partial<Entry>) =>
      node.map((one) => (one.name === "etc/hostname" ? { ...one, ...part } : one));
    const changed = [{}, { text: "nodf\n" }, { mode: 0o600 }, { uid: me.uid + 1 }, { name: "etc/hostnames" }].map(
      change,
    );
    const digests = await Promise.all(changed.map(async (one) => contentOf(await tarOf(one))));
    expect(new Set(digests).size).toBe(changed.length);
  });
});
