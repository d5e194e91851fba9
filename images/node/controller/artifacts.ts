// Artifacts on this node's local disk, one file for each key. Not replicated: after a failover an artifact may be
// missing, and the answer's code says so.

import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { paths } from "../local/paths.ts";

/** A bad name is refused before anything is touched; a name of dots would leave the folder. */
const namePattern = /^(?!\.)[A-Za-z0-9._-]{1,128}$/;

export class Artifacts {
  readonly #root: string;

  constructor(root: string = paths.artifacts) {
    this.#root = root;
  }

  /** Durable under its name when this resolves: content first, then the name, then the folder. */
  async put(request: { bucket: string; key: string; content: Uint8Array }) {
    const { bucket, key, content } = request;
    const path = this.#pathOf(bucket, key);
    const temporary = `${dirname(path)}/.${key}.${randomUUID()}`;
    try {
      // Makes the bucket, never the storage folder: missing storage must fail.
      await mkdir(dirname(path), { recursive: false }).catch(unlessThere);
      await writeFlushed(temporary, content);
      await rename(temporary, path);
      await flushFolder(dirname(path));
    } catch (thrown) {
      await rm(temporary, { force: true }).catch(() => {});
      throw new ConnectError(`artifact storage: ${codeOf(thrown)}`, Code.Unavailable);
    }
    return { bucket, key, digest: digestOf(content), size: BigInt(content.length) };
  }

  /** Whether this node has it; false when storage cannot be read. */
  async has(place: { bucket: string; key: string }): Promise<boolean> {
    return access(this.#pathOf(place.bucket, place.key)).then(
      () => true,
      () => false,
    );
  }

  async get(request: { bucket: string; key: string }) {
    const path = this.#pathOf(request.bucket, request.key);
    try {
      const content = new Uint8Array(await readFile(path));
      return { content, digest: digestOf(content) };
    } catch (thrown) {
      if (codeOf(thrown) === "ENOENT")
        throw new ConnectError(`no artifact ${request.bucket}/${request.key} on this node`, Code.NotFound);
      throw new ConnectError(`artifact storage: ${codeOf(thrown)}`, Code.Unavailable);
    }
  }

  #pathOf(bucket: string, key: string): string {
    if (!namePattern.test(bucket) || !namePattern.test(key))
      throw new ConnectError(
        "bucket and key must match [A-Za-z0-9._-]{1,128} and not begin with a dot",
        Code.InvalidArgument,
      );
    return join(this.#root, bucket, key);
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

async function writeFlushed(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o640);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function digestOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? String(thrown);
}
