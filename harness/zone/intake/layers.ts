// Reads every layer of an image to its end: that it is whole, how large it becomes, and whether the program is there
// that the image starts.

import { createHash } from "node:crypto";
import { posix } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { Budget, damaged, entriesOfFile, type TarEntry, tarEntries } from "./archive-entries.ts";
import { FileTree, removedPrefix } from "./file-tree.ts";
import { type DescribedImage, ownArchitecture, wrongArchitecture } from "./image-archive.ts";
import { addTo, namedEntry, type NamedEntry } from "./tree-entry.ts";

/** The program that an image starts, and the root that it lies in. */
export interface StartedProgram {
  path: string;
  tree: FileTree;
}

/**
 * @throws HarnessError `controller/damaged`, `controller/too-large`, `controller/no-entrypoint`,
 *   `controller/wrong-architecture`
 */
export async function checkLayers(path: string, image: DescribedImage, max?: number): Promise<StartedProgram> {
  const budget = new Budget(max);
  const read = new Map<string, NamedEntry[]>();
  for await (const { header, content } of entriesOfFile(path, new Budget(max))) {
    const name = posix.normalize(header.name);
    const place = image.layers.indexOf(name);
    if (place < 0 || header.type !== "file") continue;
    const layer = await layerOf(content, budget);
    if (layer.digest !== image.layerDigests[place])
      throw damaged(`layer ${place + 1} has another digest than the image configuration says`);
    read.set(name, layer.entries);
  }
  const tree = new FileTree();
  for (const layer of image.layers) for (const one of removalsFirst(read.get(layer) ?? [])) addTo(tree, one);
  const { entrypoint, command, environment, workingFolder } = image.says;
  const word = [...entrypoint, ...command][0]!;
  const program = tree.programOf(word, environment, workingFolder);
  if (program !== undefined) {
    const architecture = tree.architectureOf(program) ?? ownArchitecture();
    if (architecture !== ownArchitecture()) throw wrongArchitecture(`${program} is for ${architecture}`);
    return { path: program, tree };
  }
  throw new HarnessError("controller/no-entrypoint", `the image of the controller has no program "${word}"`, {
    expected: "an executable file under that name, or on the PATH of the image",
  });
}

/** What a layer removes is of the layers below it, wherever in the layer that is said. */
function removalsFirst(entries: readonly NamedEntry[]): NamedEntry[] {
  const removes = ({ name }: NamedEntry) => posix.basename(name).startsWith(removedPrefix);
  return [...entries.filter(removes), ...entries.filter((one) => !removes(one))];
}

async function layerOf(
  content: TarEntry["content"],
  budget: Budget,
): Promise<{ digest: string; entries: NamedEntry[] }> {
  const hash = createHash("sha256");
  const entries: NamedEntry[] = [];
  for await (const entry of tarEntries(content, budget, (chunk) => hash.update(chunk)))
    entries.push(await namedEntry(entry));
  return { digest: `sha256:${hash.digest("hex")}`, entries };
}
