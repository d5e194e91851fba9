// Builds the two images from files of this repository: which files, and over which base image.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import { baseArchive } from "#engine/bootstrap.ts";
import { debianServer, serverSuiteIn } from "#engine/debian-package.ts";
import type { Engine } from "#engine/engine.ts";
import type { ControllerImage, TestedController } from "#spec/controller-image.ts";
import { type CheckedArchive, takeArchive, type TakenController, takeReference } from "../intake/controller-image.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import type { NodeImage } from "#spec/contract/node-image.ts";
import { mapNodes, type NodeName } from "#spec/node.ts";
import { type CheckedNode, takeNodeFile, takeNodeReference } from "../intake/node-image.ts";
import { buildImage, type ContextFile, type ImageContext, importBase, pullBase } from "./build-image.ts";

const registryBase = "debian:trixie-slim";

type Report = (line: string) => void;

/**
 * Builds what is missing. `TRIAD_BASE` names a base image to use instead of the usual choice.
 *
 * @throws HarnessError `image/no-base` when there is no such image.
 */
export async function ensureImages(engine: Engine, report: Report, asked: PreparedPrograms = {}): Promise<ZoneImages> {
  const { docker } = engine;
  // First: a controller that cannot be tested must not cost the time of a build.
  const [controller, nodes] = [await controllerOf(docker, asked, report), await nodesOf(docker, asked, report)];
  const [base, node, agent] = await Promise.all([
    findBase(engine, report),
    serverOf(asked, report).then(nodeContext),
    agentContext(),
  ]);
  const options = { base: base.tag, isOffline: base.isOffline, report };
  if (nodes) return { node: nodes.alpha.tag, nodes, agent: await buildImage(docker, agent, options) };
  const images = { node: await buildImage(docker, node, options), agent: await buildImage(docker, agent, options) };
  if (!controller) return images;
  const given = { CONTROLLER: controller.tag };
  return {
    ...images,
    node: await buildImage(docker, await controllerContext(controller.says), {
      base: images.node,
      arguments: given,
      isOffline: true,
      report,
    }),
    controller: controller.tested,
  };
}

/** The node images of another vendor. The same file or reference is taken once. */
async function nodesOf(
  docker: Engine["docker"],
  { image, nodeFiles }: PreparedPrograms,
  report: Report,
): Promise<Record<NodeName, NodeImage> | undefined> {
  if (!image) return undefined;
  const taken = new Map<string, NodeImage>();
  for (const asked of new Set(Object.values(image))) {
    const checked = nodeFiles?.get(asked);
    taken.set(
      asked,
      checked ? await takeNodeFile(docker, checked, report) : await takeNodeReference(docker, asked, report),
    );
  }
  return mapNodes((name) => taken.get(image[name])!);
}

async function controllerOf(
  docker: Engine["docker"],
  { controller, archive }: PreparedPrograms,
  report: Report,
): Promise<TakenController | undefined> {
  if (archive) return takeArchive(docker, archive, report);
  return controller === undefined ? undefined : takeReference(docker, controller, report);
}

async function serverOf({ natsServer }: AskedPrograms, report: Report): Promise<string | undefined> {
  const suite = natsServer === undefined ? undefined : serverSuiteIn(natsServer);
  return suite === undefined ? natsServer : debianServer(suite, report);
}

/** Programs to test instead of the reference ones. */
export interface AskedPrograms {
  /** Path of a nats-server, or "debian:SUITE". */
  natsServer?: string;
  /** Path of an archive with the image of a controller, or its reference. */
  controller?: string;
  /** The node image of another vendor for each node: an absolute path, or a reference. */
  image?: Record<NodeName, string>;
  /** What those nodes are like. */
  contract?: NodeContract;
}

/** The same, when the archive of the controller has been checked. */
export interface PreparedPrograms extends AskedPrograms {
  archive?: CheckedArchive;
  /** Files of node images that have been checked, by path. */
  nodeFiles?: ReadonlyMap<string, CheckedNode>;
}

export interface ZoneImages {
  node: string;
  agent: string;
  /** The nodes run these instead of the image of this repository. */
  nodes?: Record<NodeName, NodeImage>;
  /** The controller that is in the node image instead of the reference one. */
  controller?: TestedController;
}

export async function findBase(engine: Engine, report: Report): Promise<{ tag: string; isOffline: boolean }> {
  const asked = process.env["TRIAD_BASE"];
  if (asked || engine.kind === "given") {
    const tag = await pullBase(engine.docker, asked || registryBase);
    if (tag) return { tag, isOffline: false };
    // The verdict would be about another image than the one that was named.
    if (asked) throw new HarnessError("image/no-base", `the daemon cannot get the image "${asked}" of TRIAD_BASE`);
    report(`cannot get image ${registryBase}; making the base from Debian packages`);
  }
  return { tag: await importBase(engine.docker, await baseArchive(repository, report), report), isOffline: true };
}

async function nodeContext(natsServer?: string): Promise<ImageContext> {
  const { bundleNode } = (await import(join(repository, "images/node/bundle.ts"))) as {
    bundleNode: () => Promise<{ gate: string; controller: string }>;
  };
  const { gate, controller } = await bundleNode();
  const folder = join(repository, "images/node");
  return {
    name: "node",
    files: [
      ...recipe(folder),
      ...filesUnder(join(folder, "rootfs")).map((path) => fileOf(folder, path)),
      textFile("gate.cjs", gate),
      textFile("controller.cjs", controller),
      ...(natsServer ? [serverFile(natsServer)] : []),
    ],
  };
}

/** The layer over the node image: the launcher, the run scripts for an OCI runtime, and what the image says. */
async function controllerContext(says: ControllerImage): Promise<ImageContext> {
  const { bundleLauncher } = (await import(join(repository, "images/node/bundle.ts"))) as {
    bundleLauncher: () => Promise<string>;
  };
  const folder = join(repository, "images/node/oci");
  return {
    name: "node-with-controller",
    files: [
      fileOf(folder, join(folder, "Dockerfile")),
      ...filesUnder(join(folder, "rootfs")).map((path) => fileOf(folder, path)),
      textFile("start-controller.cjs", await bundleLauncher()),
      textFile("image.json", JSON.stringify(says)),
    ],
  };
}

async function agentContext(): Promise<ImageContext> {
  const { bundleAgent } = (await import(join(repository, "images/agent/bundle.ts"))) as {
    bundleAgent: () => Promise<{ agent: string; stock: string }>;
  };
  const folder = join(repository, "images/agent");
  const { agent, stock } = await bundleAgent();
  return { name: "agent", files: [...recipe(folder), textFile("agent.cjs", agent), textFile("stock.cjs", stock)] };
}

/** The Dockerfile, its list of packages, and the script that installs them, which both images share. */
function recipe(folder: string): ContextFile[] {
  const own = ["Dockerfile", "packages.txt"].map((name) => fileOf(folder, join(folder, name)));
  const images = join(folder, "..");
  return [...own, fileOf(images, join(images, "packages.sh"))];
}

/** Another nats-server, in the place of the packaged one. @throws HarnessError `usage/bad-value` */
function serverFile(path: string): ContextFile {
  const content = readFileSync(path);
  if (content.subarray(0, 4).toString("latin1") !== "\u007fELF")
    throw new HarnessError("usage/bad-value", `--nats-server ${path} is not a Linux program`, {
      expected: "an ELF file",
    });
  return { path: "rootfs/usr/sbin/nats-server", content, mode: 0o755 };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .sort();
}

/** Recognises a script by its first line, so that a checkout without file modes builds the same image. */
function fileOf(root: string, path: string): ContextFile {
  const content = readFileSync(path);
  return { path: relative(root, path), content, mode: content.subarray(0, 2).toString() === "#!" ? 0o755 : 0o644 };
}

function textFile(path: string, text: string): ContextFile {
  return { path, content: Buffer.from(text), mode: 0o644 };
}
