// Which archives are taken as the image of a controller, and with which error every other file is refused. Without an
// engine.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { pack } from "tar-stream";
import { Budget, unpackedMax } from "./archive-entries.ts";
import { describeArchive, ownArchitecture } from "./image-archive.ts";
import { checkLayers } from "./layers.ts";

interface Entry {
  name: string;
  text?: string | Buffer;
  mode?: number;
  type?: "file" | "symlink";
  linkname?: string;
}

/** The current time would be in the digests, and two archives of one test may be made in different seconds. */
const mtime = new Date(0);

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { text = "", ...header } of entries) archive.entry({ mtime, ...header }, text);
  archive.finalize();
  return buffer(archive as unknown as NodeJS.ReadableStream);
}

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

interface Wanted {
  architecture?: string;
  config?: object | null;
  layer?: Buffer;
  diffId?: string;
}

const program: Entry = { name: "app/bsfg", text: "#!/bin/sh\n", mode: 0o755 };
const rightConfig = { Entrypoint: ["/app/bsfg"], Cmd: ["serve"], Env: ["A=b"], User: "1000", WorkingDir: "/app" };

async function imageOf({ architecture = ownArchitecture(), config = rightConfig, layer, diffId }: Wanted) {
  const plain = await tarOf([program]);
  const rootfs = { type: "layers", diff_ids: [diffId ?? `sha256:${sha256(plain)}`] };
  return { text: JSON.stringify({ architecture, os: "linux", config, rootfs }), layer: layer ?? plain };
}

async function dockerArchive(wanted: Wanted = {}, more: Entry[] = []): Promise<Buffer> {
  const { text, layer } = await imageOf(wanted);
  const manifest = [{ Config: "c.json", RepoTags: ["bsfg:v1"], Layers: ["l/layer.tar"] }];
  return tarOf([
    { name: "l/layer.tar", text: layer },
    { name: "c.json", text },
    { name: "manifest.json", text: JSON.stringify(manifest) },
    ...more,
  ]);
}

async function ociArchive(wanted: Wanted = {}, platform = ownArchitecture()): Promise<Buffer> {
  const { text, layer } = await imageOf(wanted);
  const at = (digest: string) => ({ digest: `sha256:${digest}`, size: 1 });
  const manifest = JSON.stringify({ config: at(sha256(text)), layers: [at(sha256(layer))] });
  const index = { manifests: [{ ...at(sha256(manifest)), platform: { architecture: platform, os: "linux" } }] };
  return tarOf([
    { name: "oci-layout", text: '{"imageLayoutVersion":"1.0.0"}' },
    { name: "index.json", text: JSON.stringify(index) },
    ...[manifest, text, layer].map((blob) => ({ name: `blobs/sha256/${sha256(blob)}`, text: blob })),
  ]);
}

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triad-intake-"));
  path = join(folder, "controller.tar");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function taken(content: Buffer | string): Promise<Awaited<ReturnType<typeof describeArchive>>> {
  writeFileSync(path, content);
  const image = await describeArchive(path);
  await checkLayers(path, image);
  return image;
}

/** The code of the error with which it is refused; "taken" when it is not. */
async function refusalOf(content: Buffer | string): Promise<unknown> {
  return taken(content).then(
    () => "taken",
    (error: { code: unknown }) => error.code,
  );
}

describe("the archive of a controller", () => {
  it("is taken from docker save and as an OCI image layout, with the same digest", async () => {
    const ofDocker = await taken(await dockerArchive());
    const ofOci = await taken(await ociArchive());
    expect(ofOci.digest).toBe(ofDocker.digest);
    expect(ofDocker.says).toEqual({
      entrypoint: ["/app/bsfg"],
      command: ["serve"],
      environment: ["A=b"],
      workingFolder: "/app",
      user: "1000",
    });
  });

  it("may be compressed, and so may its layers", async () => {
    const layer = zstdCompressSync(await tarOf([program]));
    const image = await taken(gzipSync(await dockerArchive({ layer })));
    expect(image.layers).toEqual(["l/layer.tar"]);
  });

  it("may be the one for this machine among several", async () => {
    expect(await refusalOf(await ociArchive({}, "riscv64"))).toBe("controller/wrong-architecture");
  });

  it("is refused when it is no image", async () => {
    expect(await refusalOf("")).toBe("controller/not-an-image");
    expect(await refusalOf("a text file that is longer than one block of a tar archive".repeat(40))).toBe(
      "controller/not-an-image",
    );
    expect(await refusalOf(await tarOf([{ name: "etc/passwd", text: "root" }]))).toBe("controller/not-an-image");
    expect(await refusalOf(await dockerArchive({}, [{ name: "manifest.json", text: "[]" }]))).toBe(
      "controller/not-an-image",
    );
  });

  it("is refused when it was cut, wherever", async () => {
    const whole = await dockerArchive();
    for (const share of [0.3, 0.6]) {
      writeFileSync(path, whole);
      truncateSync(path, Math.floor(whole.length * share));
      await expect(describeArchive(path)).rejects.toMatchObject({
        code: expect.stringMatching(/^controller\/(?:damaged|not-an-image)$/),
      });
    }
    const packed = gzipSync(whole);
    expect(await refusalOf(packed.subarray(0, packed.length - 20))).toBe("controller/damaged");
  });

  it("is refused when a layer is not the one that the image names", async () => {
    expect(await refusalOf(await dockerArchive({ diffId: `sha256:${"0".repeat(64)}` }))).toBe("controller/damaged");
  });

  it("is refused for another processor", async () => {
    expect(await refusalOf(await dockerArchive({ architecture: "arm64" }))).toBe("controller/wrong-architecture");
  });

  it("is refused when it starts nothing, or a program that it does not hold", async () => {
    expect(await refusalOf(await dockerArchive({ config: null }))).toBe("controller/no-entrypoint");
    expect(await refusalOf(await dockerArchive({ config: { Entrypoint: [] } }))).toBe("controller/no-entrypoint");
    expect(await refusalOf(await dockerArchive({ config: { Entrypoint: ["/app/other"] } }))).toBe(
      "controller/no-entrypoint",
    );
  });

  it("is refused when it unpacks to more than the limit", async () => {
    const budget = new Budget();
    budget.spend(unpackedMax);
    expect(() => budget.spend(1)).toThrow(expect.objectContaining({ code: "controller/too-large" }));
    const sparse = pack();
    sparse.entry({ name: "app/bsfg", pax: { "GNU.sparse.realsize": String(2 ** 40) } } as { name: string }, "x");
    sparse.finalize();
    const layer = await buffer(sparse as unknown as NodeJS.ReadableStream);
    expect(await refusalOf(await dockerArchive({ layer }))).toBe("controller/too-large");
  });
});
