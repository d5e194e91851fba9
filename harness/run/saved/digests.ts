// Digests of the files in a run's folder. They stand in verdicts.json, so that a file that was changed, lost or added
// later has a name.

import { createHash } from "node:crypto";
import { closeSync, lstatSync, readdirSync, readSync } from "node:fs";
import { join, sep } from "node:path";
import { messageOf } from "#base/errors.ts";
import { openRegular } from "#base/regular-file.ts";
import { verdictsName } from "./report-names.ts";

/** Sha256 in hex by path inside the folder. */
export type Digests = Record<string, string>;

const pieceBytes = 1 << 20;

/** Every file but verdicts.json. What is no regular file has its reason instead of a digest. */
export function digestsOf(folder: string): Digests {
  const piece = Buffer.allocUnsafe(pieceBytes);
  const names = filesIn(folder, "").filter((name) => name !== verdictsName);
  return Object.fromEntries(names.sort().map((name) => [name, digestOf(folder, name, piece)]));
}

/** One sentence for each file that is not what the digests say; by path. */
export function differences(saved: Digests, now: Digests): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of new Set([...Object.keys(saved), ...Object.keys(now)])) {
    const [before, after] = [ownOf(saved, name), ownOf(now, name)];
    if (before === after) continue;
    if (after === undefined) found.set(name, `${name} is missing`);
    else if (before === undefined) found.set(name, `${name} was added after the run`);
    else found.set(name, `${name} was changed after the run`);
  }
  return found;
}

function ownOf(digests: Digests, name: string): string | undefined {
  return Object.hasOwn(digests, name) ? digests[name] : undefined;
}

/** Follows no link. */
function filesIn(folder: string, below: string): string[] {
  return readdirSync(join(folder, below)).flatMap((name) => {
    const path = below === "" ? name : `${below}/${name}`;
    return lstatSync(join(folder, ...path.split("/"))).isDirectory() ? filesIn(folder, path) : [path];
  });
}

function digestOf(folder: string, name: string, piece: Buffer): string {
  const hash = createHash("sha256");
  try {
    const file = openRegular(join(folder, name.replaceAll("/", sep)), { code: "usage/not-evidence" });
    try {
      for (;;) {
        const bytes = readSync(file, piece, 0, piece.length, null);
        if (bytes === 0) return hash.digest("hex");
        hash.update(piece.subarray(0, bytes));
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return messageOf(error);
  }
}
