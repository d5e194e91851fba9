// One entry of a tar archive becomes an entry of a root file system. Its content is read to the end.

import { createHash } from "node:crypto";
import type { TarEntry, TarHeader } from "./archive-entries.ts";
import { architectureOf } from "./elf.ts";
import type { FileTree, TreeEntry } from "./file-tree.ts";

export interface NamedEntry {
  name: string;
  entry?: TreeEntry;
  /** Of a hard link: the name of the other file. */
  other?: string;
}

export async function namedEntry({ header, content }: TarEntry): Promise<NamedEntry> {
  const { name, type, mode = 0 } = header;
  const target = header.linkname ?? "";
  if (type === "link") return { name, other: target };
  // The mode of a link has no effect, and writers of archives disagree about it.
  if (type === "symlink") return { name, entry: { kind: "link", target, print: `link ${owner(header)} ${target}` } };
  const print = `${type} ${(mode & 0o7777).toString(8)} ${owner(header)}`;
  if (type === "directory") return { name, entry: { kind: "folder", print } };
  const { digest, architecture } = await read(content);
  return {
    name,
    entry: {
      kind: "file",
      isExecutable: (mode & 0o111) !== 0,
      print: `${print} ${device(header)} ${header.pax?.[capabilities] ?? ""} ${digest}`,
      ...(architecture === undefined ? {} : { architecture }),
    },
  };
}

const capabilities = "SCHILY.xattr.security.capability";
const owner = ({ uid = 0, gid = 0 }: TarHeader) => `${uid}:${gid}`;
const device = ({ devmajor = 0, devminor = 0 }: TarHeader) => `${devmajor}:${devminor}`;

export function addTo(tree: FileTree, { name, entry, other }: NamedEntry): void {
  if (entry) tree.add(name, entry);
  else if (other !== undefined) tree.addSame(name, other);
}

async function read(content: TarEntry["content"]): Promise<{ digest: string; architecture: string | undefined }> {
  const hash = createHash("sha256");
  let architecture: string | undefined;
  let isFirst = true;
  for await (const chunk of content) {
    if (isFirst) architecture = architectureOf(chunk);
    isFirst = false;
    hash.update(chunk);
  }
  return { digest: hash.digest("hex"), architecture };
}
