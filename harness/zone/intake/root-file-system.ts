// A root file system as node image: a tar archive, a folder, or the root partition of a disk. It is checked, then
// imported by the engine as one layer, with its init as the program to start.

import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { text as readText } from "node:stream/consumers";
import type Docker from "dockerode";
import { defined } from "#base/defined.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { NodeImage } from "#spec/contract/node-image.ts";
import { hasImage } from "../images/build-image.ts";
import { Budget, tarEntries } from "./archive-entries.ts";
import { openDisk } from "./disk.ts";
import { FileTree } from "./file-tree.ts";
import { ownArchitecture } from "./image-archive.ts";
import { type FileKind, notAnImage } from "./kind-of-file.ts";
import { type ByteSource, plainTar, tarOfFolder } from "./plain-tar.ts";
import { addTo, namedEntry } from "./tree-entry.ts";

export interface CheckedRoot {
  path: string;
  kind: Exclude<FileKind, "image-archive">;
  /** SHA-256 of the unpacked archive. */
  unpacked: string;
  /** Digest of what it holds, see file-tree.ts. */
  content: string;
  /** SHA-256 of the file that was given; absent for a folder. */
  submitted?: string;
  /** Its init, links resolved. */
  init: string;
}

const inits = ["/sbin/init", "/usr/sbin/init", "/init"];
const systemdStop = "SIGRTMIN+3";

/** @throws HarnessError `node-image/no-init`, `node-image/wrong-architecture`, `controller/…` of the readers */
export async function checkRoot(path: string, kind: CheckedRoot["kind"], max: number): Promise<CheckedRoot> {
  const [hash, submitted] = [createHash("sha256"), createHash("sha256")];
  const tree = await withRoot({ path, kind }, (source) => treeOf(source, hash, max));
  const init = inits.map((one) => tree.programOf(one, [], "/")).find((one) => one !== undefined);
  if (init === undefined)
    throw new HarnessError(
      "node-image/no-init",
      `the node image has no init: none of ${inits.join(", ")} is a program`,
    );
  const architecture = tree.architectureOf(init);
  if (architecture !== undefined && architecture !== ownArchitecture())
    throw new HarnessError(
      "node-image/wrong-architecture",
      `the node image cannot run here: ${init} is for ${architecture}`,
      {
        expected: ownArchitecture(),
      },
    );
  return {
    path,
    kind,
    unpacked: hash.digest("hex"),
    content: tree.digest(),
    init,
    ...(kind === "root-folder" ? {} : { submitted: `sha256:${await digestOf(path, submitted)}` }),
  };
}

/** Opens the root as a tar stream, and closes what was opened for that. */
async function withRoot<T>(
  { path, kind }: Pick<CheckedRoot, "path" | "kind">,
  act: (source: ByteSource) => Promise<T>,
) {
  if (kind === "root-archive") return act(plainTar(path));
  if (kind === "root-folder") return act(tarOfFolder(path));
  await using disk = await openDisk(path, kind);
  return await act(tarOfFolder(disk.root));
}

async function treeOf(source: ByteSource, hash: Hash, max: number): Promise<FileTree> {
  const tree = new FileTree();
  let count = 0;
  for await (const entry of tarEntries(source, new Budget(max), (chunk) => hash.update(chunk))) {
    addTo(tree, await namedEntry(entry));
    count += 1;
  }
  if (count === 0) throw notAnImage("the archive holds no file");
  return tree;
}

/** Gives the root to the engine. The same content has the same tag. */
export async function importRoot(
  docker: Docker,
  root: CheckedRoot,
  report: (line: string) => void,
): Promise<NodeImage> {
  const repository = "triad/foreign-root";
  const key = root.unpacked.slice(0, 16);
  const tag = `${repository}:${key}`;
  const isSystemd = root.init.endsWith("/systemd/systemd");
  const changes = [`ENTRYPOINT ["/sbin/init"]`, ...(isSystemd ? [`STOPSIGNAL ${systemdStop}`] : [])];
  if (!(await hasImage(docker, tag))) {
    report("importing the root file system of the node");
    try {
      await withRoot(root, async (source) => {
        const answer = await docker.importImage(Readable.from(source), { repo: repository, tag: key, changes });
        return readText(answer as NodeJS.ReadableStream & AsyncIterable<string>);
      });
      if (!(await hasImage(docker, tag))) throw new Error("the engine accepted the archive but has no image of it");
    } catch (error) {
      throw new HarnessError("image/build-failed", `cannot import the node image: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
  const { Id: image } = await docker.getImage(tag).inspect();
  const isDisk = root.kind === "disk" || root.kind === "qcow2";
  return {
    tag,
    image,
    content: root.content,
    isSystemd,
    ...defined({ submitted: root.submitted }),
    ...(isDisk ? { leftOut: "the disk's own kernel and boot loader are not used" } : {}),
  };
}

async function digestOf(path: string, hash: Hash): Promise<string> {
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
