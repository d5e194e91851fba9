// Builds the example controller and packs it as `docker save` would: `npm run build-controller -- OUT.tar [WRONG]`. The
// compiler comes from Debian's packages, in a root file system of its own. The same sources give the same bytes. It
// needs root and no Docker.

import { createHash } from "node:crypto";
import { copyFileSync, createWriteStream, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { buffer } from "node:stream/consumers";
import { type Pack, pack } from "tar-stream";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import { toolsRootFolder } from "#engine/bootstrap.ts";
import { holdLock } from "#engine/lock.ts";
import { runTool } from "#engine/tool.ts";

const folder = join(repository, "examples/controller-go");
const proto = join(repository, "images/node/proto/bsfg.proto");
/** A first build compiles the libraries too: 40 s on one free core, some minutes on a busy one. */
const compileDeadlineMs = 900_000;

/** The one thing that is wrong with a controller, for the wrong variants. main.go and its neighbours ask for them. */
const wrongVariants = [
  "acknowledges-early",
  "confirms-in-memory",
  "reads-after-loss",
  "second-address",
  "ignores-sigterm",
];

/** The program, compiled in the root file system. */
async function compiled(wrong: string): Promise<Buffer> {
  const packages = readFileSync(join(folder, "packages.txt"), "utf8").split("\n").filter(Boolean);
  const root = await toolsRootFolder("controller-go", packages, (line) => void process.stderr.write(`${line}\n`));
  using _lock = await holdLock(`${root}.build.lock`, compileDeadlineMs);
  const sources = join(root, "src");
  rmSync(sources, { recursive: true, force: true });
  mkdirSync(sources);
  for (const file of [...globSync(`${folder}/*.go`), join(folder, "compile"), proto])
    copyFileSync(file, join(sources, basename(file)));
  await runTool("chroot", [root, "/bin/sh", "/src/compile", wrong], { deadlineMs: compileDeadlineMs });
  return readFileSync(join(root, "out/bsfg"));
}

/** Two entries with the same content are the same bytes: names, modes and times are fixed. */
function add(archive: Pack, { name, mode = 0o644 }: { name: string; mode?: number }, content: Buffer | string): void {
  archive.entry({ name, mode, mtime: new Date(0), uid: 0, gid: 0 }, content);
}

async function layerOf(program: Buffer): Promise<Buffer> {
  const archive = pack();
  add(archive, { name: "bsfg", mode: 0o755 }, program);
  archive.finalize();
  return buffer(archive as unknown as NodeJS.ReadableStream);
}

async function writeImage(path: string, layer: Buffer): Promise<string> {
  const digest = createHash("sha256").update(layer).digest("hex");
  const config = JSON.stringify({
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Entrypoint: ["/bsfg"], User: "65532:65532", WorkingDir: "/" },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
  });
  const archive = pack();
  add(archive, { name: "config.json" }, config);
  add(archive, { name: "layer.tar" }, layer);
  const image = { Config: "config.json", RepoTags: ["bsfg-go:example"], Layers: ["layer.tar"] };
  add(archive, { name: "manifest.json" }, JSON.stringify([image]));
  archive.finalize();
  await pipeline(archive, createWriteStream(path));
  return createHash("sha256").update(config).digest("hex");
}

const [out, wrong = ""] = process.argv.slice(2);
try {
  if (out === undefined || (wrong !== "" && !wrongVariants.includes(wrong)))
    throw new HarnessError("usage/bad-value", `usage: npm run build-controller -- OUT.tar [WRONG]`, {
      expected: `WRONG is one of ${wrongVariants.join(", ")}`,
    });
  const image = await writeImage(resolve(out), await layerOf(await compiled(wrong)));
  process.stdout.write(`${out}: image sha256:${image}\n`);
} catch (error) {
  process.stderr.write(`${HarnessError.from(error).describe()}\n`);
  process.exitCode = 1;
}
