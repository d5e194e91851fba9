// The steps around a snapshot: nobody writes, it is taken, and it is put into the zone that was founded anew. Its files are
// removed once they are restored; the manifest stays among the evidence.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import type { SnapshotManifest } from "#spec/snapshot.ts";
import { restoreSnapshot } from "#zone/snapshot/restore-snapshot.ts";
import { takeSnapshot } from "#zone/snapshot/take-snapshot.ts";
import type { StepContext } from "../step-context.ts";

/** Where a step keeps the snapshot of its scenario. */
export const snapshotFolder = ({ folder }: Pick<StepContext, "folder">): string => join(folder, "snapshot");

export async function pauseLoad({ load, feed }: StepContext): Promise<void> {
  // First: what is invoked while the client drains is in the pause already.
  feed.mark("load-paused");
  await load.pause();
}

export async function resumeLoad({ load, feed }: StepContext): Promise<void> {
  await load.resume();
  feed.mark("load-resumed");
}

export async function snapshot(site: StepContext): Promise<void> {
  const manifest = await takeSnapshot(site.zone, snapshotFolder(site));
  site.feed.mark("snapshot", { server: manifest.server, streams: streamsOf(manifest) });
}

/** That a restore fails is what the scenario is to find. */
export async function restore(site: StepContext): Promise<void> {
  const folder = snapshotFolder(site);
  try {
    const { manifest, ...figures } = await restoreSnapshot(site.zone, folder);
    site.feed.mark("restored", figures);
    for (const { file } of manifest.streams) rmSync(join(folder, file));
  } catch (error) {
    if (!(error instanceof HarnessError) || !/^(?:snapshot|zone)[/]/.test(error.code)) throw error;
    site.feed.mark("restored", { isTimedOut: true, saw: `[${error.code}] ${error.message}` });
  }
}

function streamsOf({ streams }: SnapshotManifest): object[] {
  return streams.map(({ name, bytes, sha256, before, after, consumers }) => ({
    name,
    bytes,
    sha256,
    before,
    after,
    consumers: consumers.length,
  }));
}
