// Checks a snapshot's folder against its manifest: which files it must hold, with which digests.

import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { HarnessError } from "#base/errors.ts";
import { decodeManifest, manifestName, type SnapshotManifest } from "#spec/snapshot.ts";

/**
 * The manifest of a folder, once its files match it.
 *
 * @throws HarnessError `usage/not-snapshot` without one, `snapshot/damaged` when a digest differs.
 */
export async function verifySnapshot(folder: string): Promise<SnapshotManifest> {
  const path = join(folder, manifestName);
  if (!existsSync(path)) {
    const what = existsSync(folder) ? `${folder} has no ${manifestName}` : `there is no folder ${folder}`;
    throw new HarnessError("usage/not-snapshot", what);
  }
  const manifest = decodeManifest(readFileSync(path, "utf8"));
  for (const { file, bytes, sha256 } of manifest.streams) {
    const found = await digestOf(join(folder, file));
    if (found.sha256 === sha256 && found.bytes === bytes) continue;
    throw new HarnessError("snapshot/damaged", `${file} has ${found.bytes} bytes, SHA-256 ${found.sha256}`, {
      expected: `${bytes} bytes, SHA-256 ${sha256}`,
    });
  }
  return manifest;
}

async function digestOf(path: string): Promise<{ bytes: number; sha256: string }> {
  if (!existsSync(path)) return { bytes: 0, sha256: "none: there is no such file" };
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  });
  return { bytes, sha256: hash.digest("hex") };
}
