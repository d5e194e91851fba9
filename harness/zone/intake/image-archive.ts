// Finds the one image in an archive: the output of `docker save`, or an OCI image layout as a tar file. It reads the
// descriptions and says which entries are the layers. layers.ts reads those.

import { createHash } from "node:crypto";
import { posix } from "node:path";
import { z } from "zod";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { ControllerImage } from "#spec/controller-image.ts";
import { Budget, bytesOf, damaged, entriesOfFile } from "./archive-entries.ts";

/** Descriptions are small. Larger entries are layers. */
const descriptionMax = 1024 * 1024;

export interface DescribedImage {
  /** `sha256:…` of the image configuration. */
  digest: string;
  says: ControllerImage;
  /** Absent: SIGTERM. */
  stopSignal?: string;
  /** Entry names in the archive. */
  config: string;
  layers: string[];
  /** `sha256:…` of each unpacked layer. */
  layerDigests: string[];
}

const configShape = z.object({
  architecture: z.string(),
  os: z.string(),
  config: z
    .object({
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      Env: z.array(z.string()).nullish(),
      WorkingDir: z.string().nullish(),
      User: z.string().nullish(),
      StopSignal: z.string().nullish(),
    })
    .nullish(),
  rootfs: z.object({ diff_ids: z.array(z.string()).min(1) }),
});
const manifestList = z.array(z.object({ Config: z.string(), Layers: z.array(z.string()).min(1) }));
const descriptor = z.object({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  mediaType: z.string().optional(),
  platform: z.object({ architecture: z.string(), os: z.string() }).optional(),
});
const indexShape = z.object({ manifests: z.array(descriptor) });
const ociManifest = z.object({ config: descriptor, layers: z.array(descriptor).min(1) });

/** Descriptions by entry name, and the names of all entries. A link counts as the entry that it names. */
interface Contents {
  texts: Map<string, string>;
  names: Set<string>;
  links: Map<string, string>;
}

/** The architecture of this machine, as images name it. */
export function ownArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}

/**
 * @throws HarnessError `controller/not-an-image`, `controller/damaged`, `controller/wrong-architecture`,
 *   `controller/no-entrypoint`, `controller/too-large`
 */
export async function describeArchive(path: string, max?: number): Promise<DescribedImage> {
  const contents = await contentsOf(path, max);
  const { config, layers } = placesIn(contents);
  const text = textOf(contents, config);
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  if (config.startsWith("blobs/sha256/") && !config.endsWith(digest.slice("sha256:".length)))
    throw damaged("the image configuration has another digest than its name");
  const image = parsed(configShape, text, "the image configuration");
  const { architecture, os } = image;
  if (os !== "linux" || architecture !== ownArchitecture())
    throw wrongArchitecture(`the image is for ${os}/${architecture}`);
  if (layers.length !== image.rootfs.diff_ids.length)
    throw damaged(`it has ${layers.length} layers, and its configuration names ${image.rootfs.diff_ids.length}`);
  const missing = layers.find((layer) => !contents.names.has(layer));
  if (missing !== undefined) throw damaged(`it lacks the layer ${missing}`);
  const stopSignal = image.config?.StopSignal ?? undefined;
  return {
    digest,
    says: saysOf(image),
    ...defined({ stopSignal }),
    config,
    layers,
    layerDigests: image.rootfs.diff_ids,
  };
}

function saysOf({ config }: z.infer<typeof configShape>): ControllerImage {
  const entrypoint = config?.Entrypoint ?? [];
  const command = config?.Cmd ?? [];
  if (entrypoint.length + command.length === 0)
    throw new HarnessError("controller/no-entrypoint", "the image of the controller names no program to run", {
      expected: "an Entrypoint or a Cmd in the image configuration",
    });
  return {
    entrypoint,
    command,
    environment: config?.Env ?? [],
    workingFolder: config?.WorkingDir ?? "",
    user: config?.User ?? "",
  };
}

async function contentsOf(path: string, max: number | undefined): Promise<Contents> {
  const contents: Contents = { texts: new Map(), names: new Set(), links: new Map() };
  try {
    for await (const { header, content } of entriesOfFile(path, new Budget(max))) {
      const name = posix.normalize(header.name);
      const { linkname, type, size = 0 } = header;
      if ((type === "symlink" || type === "link") && linkname)
        contents.links.set(
          name,
          type === "link" ? posix.normalize(linkname) : posix.join(posix.dirname(name), linkname),
        );
      if (type !== "file") continue;
      contents.names.add(name);
      if (size <= descriptionMax) contents.texts.set(name, (await bytesOf(content, descriptionMax)).toString("utf8"));
    }
  } catch (error) {
    // Not one whole entry: it is no archive at all.
    if (contents.names.size === 0 && (error as HarnessError).code === "controller/damaged")
      throw notAnImage("no tar archive");
    throw error;
  }
  return contents;
}

function placesIn(contents: Contents): { config: string; layers: string[] } {
  const ofDocker = contents.texts.get("manifest.json");
  if (ofDocker !== undefined) {
    const list = parsed(manifestList, ofDocker, "manifest.json");
    if (list.length !== 1) throw notAnImage(`it holds ${list.length} images, and one is needed`);
    const { Config, Layers } = list[0]!;
    const follow = (name: string) => contents.links.get(posix.normalize(name)) ?? posix.normalize(name);
    return { config: follow(Config), layers: Layers.map(follow) };
  }
  const index = contents.texts.get("index.json");
  if (index === undefined) throw notAnImage("it has neither manifest.json nor index.json");
  return placesOf(contents, parsed(indexShape, index, "index.json"));
}

/** Follows an index to the one image for this machine. An index may name another index, once. */
function placesOf(
  contents: Contents,
  { manifests }: z.infer<typeof indexShape>,
  depth = 0,
): { config: string; layers: string[] } {
  const images = manifests.filter(({ platform }) => platform?.os !== "unknown");
  const fitting = images.filter(({ platform }) => !platform || platform.architecture === ownArchitecture());
  if (images.length > 0 && fitting.length === 0)
    throw wrongArchitecture(`it has images for ${images.map(({ platform }) => platform?.architecture).join(", ")}`);
  if (fitting.length !== 1) throw notAnImage(`it holds ${fitting.length} images, and one is needed`);
  const text = textOf(contents, blobOf(fitting[0]!.digest));
  const below = indexShape.safeParse(jsonOf(text, "a manifest"));
  if (below.success && depth < 2) return placesOf(contents, below.data, depth + 1);
  const { config, layers } = parsed(ociManifest, text, "the image manifest");
  return { config: blobOf(config.digest), layers: layers.map((one) => blobOf(one.digest)) };
}

function blobOf(digest: string): string {
  return `blobs/sha256/${digest.slice("sha256:".length)}`;
}

function textOf({ texts }: Contents, name: string): string {
  const text = texts.get(name);
  if (text === undefined) throw damaged(`it lacks ${name}`);
  return text;
}

function parsed<T>(shape: z.ZodType<T>, text: string, what: string): T {
  const { data, error } = shape.safeParse(jsonOf(text, what));
  if (error)
    throw notAnImage(`${what} has another shape: ${error.issues[0]?.path.join(".")} ${error.issues[0]?.message}`);
  return data;
}

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(`${what} is no JSON`);
  }
}

function notAnImage(how: string): HarnessError {
  return new HarnessError("controller/not-an-image", `the file of the controller is no image: ${how}`, {
    expected: "one image, as `docker save` writes it or as a tar file of an OCI image layout",
  });
}

export function wrongArchitecture(how: string): HarnessError {
  return new HarnessError("controller/wrong-architecture", `the controller cannot run on this machine: ${how}`, {
    expected: `linux/${ownArchitecture()}`,
  });
}
