// Takes a snapshot of a zone into a folder: one file for each stream, then the manifest, so that a folder with a
// manifest is complete. The zone stays in service. A snapshot is the state of one moment; it logs nothing that comes
// later.

import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Transform } from "node:stream";
import { wallTime } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { manifestName, type SnapshotManifest, snapshotFormat, type SnapshotStream } from "#spec/snapshot.ts";
import type { Taken } from "#protocol/transfer.ts";
import { consumersOf, pidToAsk } from "../store-api.ts";
import type { StartedZone } from "../zone.ts";

/** Limit for a server's silence. */
const stallMs = 10_000;
/** For one stream. One of a test zone holds about 10 MB, which takes a second. */
const deadlineMs = 300_000;

/**
 * Takes the streams that the zone's spec names, one after the other.
 *
 * @throws HarnessError `snapshot/not-taken`; `usage/bad-value` when the folder holds a snapshot already.
 */
export async function takeSnapshot(zone: StartedZone, folder: string): Promise<SnapshotManifest> {
  const manifestPath = join(folder, manifestName);
  if (existsSync(manifestPath))
    throw new HarnessError("usage/bad-value", `${folder} holds a snapshot already`, { expected: "a new folder" });
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new HarnessError("usage/bad-value", `cannot make ${folder}: ${messageOf(error)}`, { cause: error });
  }
  const { spec } = zone.plan;
  const streams: SnapshotStream[] = [];
  let server = "";
  for (const stream of spec.snapshot.streams) {
    const { taken, ...described } = await takeStream(zone, { folder, stream });
    server = taken.server;
    streams.push(described);
  }
  const manifest: SnapshotManifest = {
    format: snapshotFormat,
    zoneId: spec.zoneId,
    takenAt: wallTime(),
    server,
    streams,
  };
  writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function takeStream(
  zone: StartedZone,
  place: { folder: string; stream: string },
): Promise<SnapshotStream & { taken: Taken }> {
  const { stream } = place;
  const { hasConsumers } = zone.plan.spec.snapshot;
  const file = `${stream}.snapshot`;
  const path = join(place.folder, file);
  const hash = createHash("sha256");
  const through = new Transform({
    transform: (chunk: Buffer, _, done) => done(null, (hash.update(chunk), chunk)),
  });
  const written = createWriteStream(path);
  through.pipe(written);
  const isWritten = new Promise<void>((resolve, reject) => written.once("finish", resolve).once("error", reject));
  isWritten.catch(() => {});
  try {
    // Positions are read first. The content then holds at least what they have acknowledged.
    const consumers = hasConsumers ? await consumersOf(zone, stream) : [];
    const request = { do: "take-stream", pid: pidToAsk(zone), stream, hasConsumers, stallMs } as const;
    const taken = await zone.transfer(request, { to: through, deadlineMs });
    await isWritten;
    const { bytes, config, before, after } = taken;
    if (written.bytesWritten !== bytes)
      throw new HarnessError("agent/refused", `${written.bytesWritten} of ${bytes} bytes arrived`);
    return { name: stream, file, bytes, sha256: hash.digest("hex"), config, before, after, consumers, taken };
  } catch (error) {
    rmSync(path, { force: true });
    if (error instanceof HarnessError && error.code !== "agent/refused" && error.code !== "wait/timeout") throw error;
    throw new HarnessError("snapshot/not-taken", `stream ${stream}: ${messageOf(error)}`, { cause: error });
  }
}
