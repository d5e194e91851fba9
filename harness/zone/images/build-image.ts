// Builds images, with a tag that is a hash of the content, so that a second run builds nothing. It uses dockerode,
// because testcontainers' builder drops the output that an error must show.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { text as readText } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { HarnessError, messageOf } from "#base/errors.ts";
import { label } from "#engine/labels.ts";

export interface ContextFile {
  path: string;
  content: Buffer;
  mode: number;
}

export interface ImageContext {
  name: "node" | "agent" | "node-with-controller";
  files: ContextFile[];
}

export async function hasImage(docker: Docker, tag: string): Promise<boolean> {
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

/** The base image from a bootstrapped archive. Each daemon imports it once. */
export async function importBase(
  docker: Docker,
  archive: { path: string; key: string },
  report: (line: string) => void,
): Promise<string> {
  const tag = `triad/base:${archive.key}`;
  if (await hasImage(docker, tag)) return tag;
  report("importing the base image");
  try {
    const answer = await docker.importImage(createReadStream(archive.path), { repo: "triad/base", tag: archive.key });
    await readText(answer as NodeJS.ReadableStream & AsyncIterable<string>);
    if (!(await hasImage(docker, tag)))
      throw new Error("the daemon accepted the archive but has no image with that tag");
  } catch (error) {
    throw buildError("base", error);
  }
  return tag;
}

/** A registry's image as base, or null when the daemon neither has it nor can pull it. */
export async function pullBase(docker: Docker, tag: string): Promise<string | null> {
  if (await hasImage(docker, tag)) return tag;
  try {
    const stream = await docker.pull(tag);
    await followed(docker, stream);
    return tag;
  } catch {
    return null;
  }
}

/** Builds `context` over `base` unless an image of the same content exists. Returns its tag. */
export async function buildImage(docker: Docker, context: ImageContext, options: BuildOptions): Promise<string> {
  const tag = `triad/${context.name}:${contentKey(context, { BASE: options.base, ...options.arguments })}`;
  if (await hasImage(docker, tag)) return tag;
  options.report(`building the ${context.name} image`);
  try {
    const stream = await docker.buildImage(tarOf(context), {
      t: tag,
      buildargs: { BASE: options.base, ...options.arguments },
      labels: { [label.content]: tag },
      ...(options.isOffline ? { networkmode: "none" } : {}),
    });
    await followed(docker, stream);
  } catch (error) {
    throw buildError(context.name, error);
  }
  return tag;
}

export interface BuildOptions {
  base: string;
  /** Further arguments of the Dockerfile. */
  arguments?: Record<string, string>;
  /** The daemon has no network. The packages are in the base image. */
  isOffline: boolean;
  report: (line: string) => void;
}

function buildError(name: string, error: unknown): HarnessError {
  const message = messageOf(error).trim();
  const code = /no space left/i.test(message) ? "image/disk-full" : "image/build-failed";
  return new HarnessError(code, `cannot build the ${name} image: ${message}`, { cause: error });
}

function contentKey(context: ImageContext, given: Record<string, string>): string {
  const hash = createHash("sha256").update(Object.values(given).join("\0"));
  for (const one of [...context.files].sort((a, b) => a.path.localeCompare(b.path)))
    hash.update(`\0${one.path}\0${one.mode}\0`).update(one.content);
  return hash.digest("hex").slice(0, 16);
}

function tarOf(context: ImageContext): NodeJS.ReadableStream {
  const archive = pack();
  for (const one of context.files) archive.entry({ name: one.path, mode: one.mode, mtime: new Date(0) }, one.content);
  archive.finalize();
  return archive as unknown as NodeJS.ReadableStream;
}

interface BuildStep {
  stream?: string;
  error?: string;
}

/** Reads a build or pull to its end. @throws Error with the builder's last output when a step fails */
async function followed(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  const steps = await new Promise<BuildStep[]>((resolve, reject) =>
    docker.modem.followProgress(stream, (error, result) => (error ? reject(error) : resolve(result as BuildStep[]))),
  );
  const failed = steps.find((step) => step.error);
  if (!failed) return;
  const said = steps.map((step) => step.stream ?? "").join("");
  throw new Error(`${failed.error} (before it: ${said.trim().split("\n").slice(-4).join(" | ")})`);
}
