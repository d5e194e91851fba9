// Takes in the node image that a person names: an archive of an image, the root file system of a node, a disk, or an
// image that the engine has. All of it is checked before anything of it runs. Then the engine has it under a tag of
// ours. Nothing is written into it, and a named image that cannot be used is an error.

import { createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { defined } from "#base/defined.ts";
import { type ErrorCode, HarnessError } from "#base/errors.ts";
import type { NodeImage } from "#spec/contract/node-image.ts";
import { hasImage, pullBase } from "../images/build-image.ts";
import { type CheckedArchive, digestOfFile, loadArchive } from "./controller-image.ts";
import { describeArchive } from "./image-archive.ts";
import { checkLayers } from "./layers.ts";
import { type CheckedRoot, checkRoot, importRoot } from "./root-file-system.ts";
import { kindOfFile } from "./kind-of-file.ts";

type Report = (line: string) => void;

/** More than a node with an inner engine and its images needs. */
export const nodeBytesMax = 16 * 1024 ** 3;

/** What was found out about a file before an engine is needed. */
export type CheckedNode =
  | { kind: "image"; archive: CheckedArchive; program: string; content: string; stopSignal?: string }
  | { kind: "root"; root: CheckedRoot };

/**
 * @returns undefined when `asked` is no path: then it is the reference of an image.
 * @throws HarnessError `node-image/…`
 */
export async function checkNodeFile(asked: string, report: Report): Promise<CheckedNode | undefined> {
  if (!existsSync(asked)) return undefined;
  report(`checking the node image ${asked}`);
  return retold(async () => {
    const kind = await kindOfFile(asked);
    if (kind !== "image-archive") return { kind: "root", root: await checkRoot(asked, kind, nodeBytesMax) };
    return checkedArchive(asked);
  });
}

async function checkedArchive(path: string): Promise<CheckedNode> {
  const image = await describeArchive(path, nodeBytesMax);
  const program = await checkLayers(path, image, nodeBytesMax);
  return {
    kind: "image",
    archive: { path, image, bytesMax: nodeBytesMax },
    program: program.path,
    content: program.tree.digest(),
    ...defined({ stopSignal: image.stopSignal }),
  };
}

/** Gives a file that was checked to the engine. */
export function takeNodeFile(docker: Docker, checked: CheckedNode, report: Report): Promise<NodeImage> {
  return retold(async () => {
    if (checked.kind === "root") return importRoot(docker, checked.root, report);
    const taken = await loaded(docker, checked, report);
    return { ...taken, submitted: await digestOfFile(checked.archive.path) };
  });
}

/** Takes an image of the engine, or one that the engine can get. @throws HarnessError `node-image/…` */
export async function takeNodeReference(docker: Docker, asked: string, report: Report): Promise<NodeImage> {
  report(`checking the node image ${asked}`);
  const reference = await pullBase(docker, asked);
  if (reference === null)
    throw new HarnessError(
      "node-image/absent",
      `no node image ${asked}: there is no such file, and the engine has no such image and cannot get it`,
    );
  const folder = mkdtempSync(join(tmpdir(), "triad-node-"));
  try {
    const path = join(folder, "image.tar");
    await pipeline(await docker.getImage(reference).get(), createWriteStream(path));
    return await retold(async () => loaded(docker, (await checkedArchive(path)) as Checked, report));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Checked = Extract<CheckedNode, { kind: "image" }>;

async function loaded(
  docker: Docker,
  { archive, program, content, stopSignal }: Checked,
  report: Report,
): Promise<NodeImage> {
  const { digest } = archive.image;
  const tag = `triad/foreign-node:${digest.slice("sha256:".length, "sha256:".length + 16)}`;
  if (!(await hasImage(docker, tag))) {
    report("loading the node image");
    await loadArchive(docker, tag, archive);
  }
  return { tag, image: digest, content, isSystemd: isSystemd(program), ...defined({ stopSignal }) };
}

/** By the file that the image starts, links resolved. */
export function isSystemd(program: string): boolean {
  return program.endsWith("/systemd/systemd");
}

/** The archive is read by the code that reads a controller's. Its errors then speak of the node image. */
async function retold<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof HarnessError) || !error.code.startsWith("controller/")) throw error;
    const code = error.code.replace("controller/", "node-image/") as ErrorCode;
    const message = error.message
      .replace("the image of the controller", "the node image")
      .replace("of the controller", "of the node image")
      .replace("the controller", "the node image");
    throw new HarnessError(code, message, { cause: error, ...defined({ expected: error.expected }) });
  }
}
