// `triad snapshot` and `triad restore`.

import type { SnapshotManifest } from "#spec/snapshot.ts";
import { restoreSnapshot } from "#zone/snapshot/restore-snapshot.ts";
import { verifySnapshot } from "#zone/snapshot/verify-snapshot.ts";
import { takeSnapshot } from "#zone/snapshot/take-snapshot.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { SnapshotOptions } from "#api/zone-options.ts";
import { withZone } from "./with-zone.ts";

export async function snapshot({ folder, zone }: SnapshotOptions, context: RunContext): Promise<Answer> {
  return withZone(zone, context, async (started, kept) => {
    const manifest = await takeSnapshot(started, folder);
    const summary = [`snapshot of zone ${kept.name} in ${folder}`, ...linesOf(manifest)].join("\n");
    return { summary, data: { zone: kept.name, folder, manifest } };
  });
}

export async function restore({ folder, zone }: SnapshotOptions, context: RunContext): Promise<Answer> {
  // First, because this needs no engine.
  await verifySnapshot(folder);
  return withZone(zone, context, async (started, kept) => {
    const { manifest, ...figures } = await restoreSnapshot(started, folder);
    const took = `${figures.messages} messages, ${figures.bytes} bytes in ${(figures.tookMs / 1e3).toFixed(1)} s`;
    const summary = [`the snapshot is restored on all nodes of zone ${kept.name}: ${took}`, ...linesOf(manifest)].join(
      "\n",
    );
    return { summary, data: { zone: kept.name, folder, ...figures, manifest } };
  });
}

function linesOf({ streams }: SnapshotManifest): string[] {
  return streams.map(({ name, before, consumers, bytes }) => {
    const range = before.messages === 0 ? "" : `, ${before.firstSeq} to ${before.lastSeq}`;
    const positions = consumers.map((one) => `; consumer ${one.name} at ${one.ackedSeq}`).join("");
    return `  ${name.padEnd(18)} ${before.messages} messages${range}; ${bytes} bytes${positions}`;
  });
}
