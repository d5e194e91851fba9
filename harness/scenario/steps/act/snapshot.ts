// Steps "snapshot" and "restore": a snapshot is taken, and put into a zone whose stores are empty. The snapshot's files
// are removed once they are restored; the manifest stays in the evidence.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import type { SnapshotManifest } from "#spec/snapshot.ts";
import { restoreSnapshot } from "#zone/snapshot/restore-snapshot.ts";
import { takeSnapshot } from "#zone/snapshot/take-snapshot.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Takes a snapshot into the folder of the history. */
    snapshot: object;
    /** Puts that snapshot into the zone, which must be empty. */
    restore: object;
  }
}

/** Where the scenario keeps its snapshot. */
export const snapshotFolder = ({ folder }: Pick<StepContext, "folder">): string => join(folder, "snapshot");

/** Marks `snapshot`. */
export async function snapshot(context: StepContext): Promise<void> {
  const manifest = await takeSnapshot(context.zone, snapshotFolder(context));
  context.history.mark("snapshot", { server: manifest.server, streams: streamsOf(manifest) });
}

/** Marks `restored`. A restore that fails is a finding. */
export async function restore(context: StepContext): Promise<void> {
  const folder = snapshotFolder(context);
  try {
    const { manifest, ...figures } = await restoreSnapshot(context.zone, folder);
    context.history.mark("restored", figures);
    for (const { file } of manifest.streams) rmSync(join(folder, file));
  } catch (error) {
    if (!(error instanceof HarnessError) || !/^(?:snapshot|zone)[/]/.test(error.code)) throw error;
    context.history.mark("restored", { isTimedOut: true, saw: `[${error.code}] ${error.message}` });
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
