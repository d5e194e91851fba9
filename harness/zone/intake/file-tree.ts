// The root file system of an image, layer over layer: where a program lies in it, and the digest of what it holds.
// Pure.

import { createHash } from "node:crypto";
import { posix } from "node:path";

/** `print`: all that counts for the digest of the content, see tree-entry.ts. */
export type TreeEntry = { print?: string } & (
  | { kind: "file"; isExecutable: boolean; architecture?: string }
  | { kind: "folder" }
  | { kind: "link"; target: string }
);

/** Every ext4 file system has this folder. It is no content. */
const ofFileSystem = "/lost+found";

/** A layer names what it removes with this prefix. */
export const removedPrefix = ".wh.";
const opaqueName = ".wh..wh..opq";
const linksMax = 40;
const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export class FileTree {
  readonly #entries = new Map<string, TreeEntry>();

  /** Adds one entry of a layer. Names of removed files have a prefix of their own in layers. */
  add(name: string, entry: TreeEntry): void {
    const path = posix.join("/", name);
    const base = posix.basename(path);
    const folder = posix.dirname(path);
    if (base === opaqueName) return this.#removeBelow(folder);
    if (base.startsWith(removedPrefix)) {
      const removed = posix.join(folder, base.slice(removedPrefix.length));
      this.#entries.delete(removed);
      return this.#removeBelow(removed);
    }
    this.#entries.set(path.length > 1 ? path.replace(/\/$/, "") : path, entry);
  }

  /** A hard link: the same file under another name. */
  addSame(name: string, other: string): void {
    const entry = this.#entries.get(posix.join("/", other));
    if (entry) this.add(name, entry);
  }

  /** Where the program lies that an image starts, links resolved inside the root; undefined: there is none. */
  programOf(word: string, environment: readonly string[], workingFolder: string): string | undefined {
    const path = environment.findLast((one) => one.startsWith("PATH="))?.slice("PATH=".length) || usualPath;
    const places = word.includes("/")
      ? [posix.resolve(workingFolder || "/", word)]
      : path.split(":").map((folder) => posix.join("/", folder, word));
    return places.map((place) => this.#resolved(place)).find((found) => found !== undefined && this.#isProgram(found));
  }

  /** The processor that a program was built for; undefined for a script. */
  architectureOf(program: string): string | undefined {
    const entry = this.#entries.get(program);
    return entry?.kind === "file" ? entry.architecture : undefined;
  }

  /**
   * `sha256:…` over all entries, sorted by path. The same for every form of one root file system: archive, layout, tar
   * file, folder or disk. Times and the root folder itself do not count.
   */
  digest(): string {
    const hash = createHash("sha256");
    for (const path of [...this.#entries.keys()].sort())
      if (path !== "/" && path !== ofFileSystem) hash.update(`${path}\0${this.#entries.get(path)!.print}\n`);
    return `sha256:${hash.digest("hex")}`;
  }

  #isProgram(path: string): boolean {
    const entry = this.#entries.get(path);
    return entry?.kind === "file" && entry.isExecutable;
  }

  #resolved(path: string): string | undefined {
    let rest = path.split("/").filter(Boolean);
    let at = "/";
    for (let links = 0; rest.length > 0;) {
      const next = posix.join(at, rest[0]!);
      rest = rest.slice(1);
      const entry = this.#entries.get(next);
      if (entry?.kind !== "link") {
        at = next;
        continue;
      }
      links += 1;
      if (links > linksMax) return undefined;
      rest = [...entry.target.split("/").filter(Boolean), ...rest];
      if (entry.target.startsWith("/")) at = "/";
    }
    return at;
  }

  #removeBelow(folder: string): void {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    for (const path of this.#entries.keys()) if (path.startsWith(prefix)) this.#entries.delete(path);
  }
}
