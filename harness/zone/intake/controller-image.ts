// Takes in the controller that a person names: an archive, or an image that the engine has or can get. Everything is
// checked before anything of it runs. Then the engine has it under a tag of ours.

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { text as readText } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { ControllerImage, TestedController } from "#spec/controller-image.ts";
import { hasImage, pullBase } from "../images/build-image.ts";
import { Budget, entriesOfFile } from "./archive-entries.ts";
import { type DescribedImage, describeArchive } from "./image-archive.ts";
import { checkLayers } from "./layers.ts";

export interface TakenController {
  /** The image's tag in the engine. */
  tag: string;
  says: ControllerImage;
  tested: TestedController;
}

type Report = (line: string) => void;

/** An archive that can be loaded. */
export interface CheckedArchive {
  path: string;
  image: DescribedImage;
  /** Limit for what it unpacks to; a controller's when absent. */
  bytesMax?: number;
}

/**
 * Checks an archive. No engine is needed for that.
 *
 * @returns undefined when `asked` is no path: then it is the reference of an image.
 * @throws HarnessError `controller/absent` for a folder, and what the checks of an archive throw.
 */
export async function checkArchive(asked: string, report: Report): Promise<CheckedArchive | undefined> {
  if (!existsSync(asked)) return undefined;
  if (!statSync(asked).isFile()) throw absent(asked, "it is no file");
  report(`checking the controller ${asked}`);
  return checked(asked);
}

async function checked(path: string): Promise<CheckedArchive> {
  const image = await describeArchive(path);
  await checkLayers(path, image);
  return { path, image };
}

/** Loads an archive that was checked. */
export async function takeArchive(docker: Docker, archive: CheckedArchive, report: Report): Promise<TakenController> {
  const taken = await loaded(docker, archive, report);
  return { ...taken, tested: { ...taken.tested, archive: await digestOfFile(archive.path) } };
}

/** Takes an image of the engine. @throws HarnessError `controller/absent`, and what the checks of an archive throw */
export async function takeReference(docker: Docker, asked: string, report: Report): Promise<TakenController> {
  report(`checking the controller ${asked}`);
  const reference = await pullBase(docker, asked);
  if (reference === null)
    throw absent(asked, "there is no such file, and the engine has no such image and cannot get it");
  const folder = mkdtempSync(join(tmpdir(), "triad-controller-"));
  try {
    const path = join(folder, "image.tar");
    await pipeline(await docker.getImage(reference).get(), createWriteStream(path));
    return await loaded(docker, await checked(path), report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function loaded(docker: Docker, archive: CheckedArchive, report: Report): Promise<TakenController> {
  const { image } = archive;
  const repository = "triad/controller";
  const tag = `${repository}:${image.digest.slice("sha256:".length, "sha256:".length + 16)}`;
  if (!(await hasImage(docker, tag))) {
    report("loading the controller");
    await loadArchive(docker, tag, archive);
  }
  return { tag, says: image.says, tested: { image: image.digest } };
}

/**
 * Sends the image to the engine as `docker save` would write it: with one tag, which is ours, so that no tag of the
 * engine's owner moves. An OCI image layout becomes loadable in this way too.
 */
export async function loadArchive(
  docker: Docker,
  tag: string,
  { path, image, bytesMax }: CheckedArchive,
): Promise<void> {
  const manifest = [{ Config: image.config, RepoTags: [tag], Layers: image.layers }];
  const wanted = new Set([image.config, ...image.layers]);
  const archive = pack();
  const send = async (): Promise<void> => {
    archive.entry({ name: "manifest.json" }, JSON.stringify(manifest));
    for await (const { header, content } of entriesOfFile(path, new Budget(bytesMax))) {
      const name = posix.normalize(header.name);
      // A second entry of the same name would not be read.
      if (header.type !== "file" || !wanted.delete(name)) continue;
      await pipeline(content, archive.entry({ name, size: header.size ?? 0 }));
    }
    archive.finalize();
  };
  try {
    const sent = send();
    const answer = await docker.loadImage(archive as unknown as NodeJS.ReadableStream);
    const [said] = await Promise.all([readText(answer as NodeJS.ReadableStream & AsyncIterable<string>), sent]);
    if (!(await hasImage(docker, tag))) throw new Error(`the engine said: ${said.trim().slice(-200)}`);
  } catch (error) {
    throw new HarnessError("image/build-failed", `cannot load the image: ${messageOf(error)}`, { cause: error });
  }
}

export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest("hex")}`;
}

function absent(asked: string, how: string): HarnessError {
  return new HarnessError("controller/absent", `no controller ${asked}: ${how}`, {
    expected: "a file that docker save wrote, an OCI image layout as a tar file, or an image that the engine has",
  });
}
