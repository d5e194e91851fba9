// Reads a folder of a node from outside, through /proc/PID/root: a list with digests, and a search for the content of
// an artifact. Does not follow links.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { nowNs } from "#base/clock.ts";
import type { FilesEvent, SearchEvent } from "#history/event.ts";
import type { FilesRequest } from "#protocol/commands/node.ts";
import type { SearchRequest } from "#protocol/commands/artifact.ts";
import { contentOf, needlesOf } from "../artifact/artifact-content.ts";
import { nodePath } from "../namespace/programs.ts";

/** Limit for a list. No folder of a test zone comes near it. */
const filesMax = 5_000;

/** @throws when the folder cannot be read. An empty list means that the folder exists and is empty */
export function listFolder({ pid, node, folder }: FilesRequest): FilesEvent {
  const root = nodePath(pid, folder);
  const files = pathsBelow(root).flatMap((path) => {
    const bytes = readUnlessGone(path);
    if (!bytes) return [];
    const digest = createHash("sha256").update(bytes).digest("hex");
    return [{ path: relative(root, path), bytes: bytes.length, digest }];
  });
  return { t: nowNs(), type: "files", node, folder, files };
}

/** @throws when the folder cannot be read. */
export function searchFolder({ pid, node, folder, key, content }: SearchRequest): SearchEvent {
  const root = nodePath(pid, folder);
  const needles = needlesOf(contentOf(content));
  const found: string[] = [];
  let filesRead = 0;
  let bytesRead = 0;
  for (const path of pathsBelow(root)) {
    const bytes = readUnlessGone(path);
    if (!bytes) continue;
    filesRead += 1;
    bytesRead += bytes.length;
    if (needles.some((needle) => bytes.includes(needle))) found.push(relative(root, path));
  }
  return { t: nowNs(), type: "search", node, folder, key, filesRead, bytesRead, found };
}

function pathsBelow(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (paths.length > filesMax) throw new Error(`more than ${filesMax} files below ${root}`);
  return paths;
}

/** A store may delete a file between the listing and the reading. */
function readUnlessGone(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
