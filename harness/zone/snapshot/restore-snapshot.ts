// Restores a snapshot into a zone that holds nothing: verify the digests, restore each stream, wait until every node
// holds the same. A new zone's empty streams are deleted first. A stream that holds messages is never replaced.

import { createReadStream } from "node:fs";
import { join } from "node:path";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import { nodeNames } from "#spec/node.ts";
import type { SnapshotManifest, SnapshotStream } from "#spec/snapshot.ts";
import type { StreamInfo } from "#spec/stream-info.ts";
import { askStore, consumersOf, figuresOf, heldBy, pidToAsk, storeRefusals } from "../store-api.ts";
import type { StartedZone } from "../zone.ts";
import { verifySnapshot } from "./verify-snapshot.ts";

const stallMs = 10_000;
const deadlineMs = 300_000;
/** A new zone's streams exist about 3 s after its start. An election takes up to 9 s. */
const streamsDeadlineMs = 30_000;
/** Measured restores of about 9 MB were current on all nodes in 2 to 8 s. */
const currentDeadlineMs = 60_000;
const lookMs = 200;
/** The zone itself may make a stream again between the deletion and the restore. It does so once. */
const attemptsMax = 3;

export interface Restored {
  manifest: SnapshotManifest;
  messages: number;
  /** Size of the snapshot's files: what each replica received. */
  bytes: number;
  /** Time from the first deletion until every node held the same. */
  tookMs: number;
}

/** @throws HarnessError as `verifySnapshot`; `snapshot/not-empty`, `snapshot/not-restored`, `zone/not-ready`. */
export async function restoreSnapshot(zone: StartedZone, folder: string): Promise<Restored> {
  const manifest = await verifySnapshot(folder);
  // Every stream is checked before the first one is changed.
  for (const { name } of manifest.streams) await untilEmpty(zone, name);
  const startNs = nowNs();
  for (const stream of manifest.streams) await restoreStream(zone, { folder, stream });
  for (const stream of manifest.streams) await untilEqual(zone, stream);
  const total = (of: (stream: SnapshotStream) => number) => manifest.streams.reduce((sum, one) => sum + of(one), 0);
  return {
    manifest,
    messages: total((one) => one.before.messages),
    bytes: total((one) => one.bytes),
    tookMs: elapsedMs(startNs),
  };
}

/** Waits for the stream's leader: another server may answer with an old state. @throws `snapshot/not-empty` */
async function untilEmpty(zone: StartedZone, stream: string): Promise<void> {
  const look = async (): Promise<Look<number>> => {
    const asked = await askStore<StreamInfo>(zone, `STREAM.INFO.${stream}`).catch(
      (error: unknown): { error: { description: string; err_code?: number } } => ({
        error: { description: messageOf(error) },
      }),
    );
    return "state" in asked && !asked.error
      ? { done: asked.state.messages }
      : { saw: asked.error?.description ?? "no state" };
  };
  const messages = await pollUntil(look, {
    what: `the leader of stream ${stream}`,
    deadlineMs: streamsDeadlineMs,
    intervalMs: lookMs,
    code: "zone/not-ready",
  });
  if (messages > 0)
    throw new HarnessError("snapshot/not-empty", `stream ${stream} holds ${messages} messages`, { expected: "none" });
}

async function restoreStream(zone: StartedZone, place: { folder: string; stream: SnapshotStream }): Promise<void> {
  const { name, before, after, bytes, config } = place.stream;
  for (let attempt = 1; ; attempt++) {
    await deleteStream(zone, name);
    try {
      const from = createReadStream(join(place.folder, place.stream.file));
      const request = {
        do: "put-stream",
        pid: pidToAsk(zone),
        stream: name,
        bytes,
        config,
        figures: before,
        stallMs,
      } as const;
      const { figures } = await zone.transfer(request, { from, deadlineMs });
      const isWhole =
        figures.firstSeq === before.firstSeq && figures.lastSeq >= before.lastSeq && figures.lastSeq <= after.lastSeq;
      if (isWhole && (before.lastSeq !== after.lastSeq || figures.messages === before.messages)) return;
      throw notRestored(name, `it holds ${describe(figures)}`, describe(before));
    } catch (error) {
      if (error instanceof HarnessError && error.code === "snapshot/not-restored") throw error;
      if (attempt === attemptsMax || !/already in use/.test(messageOf(error)))
        throw notRestored(name, messageOf(error), describe(before));
    }
  }
}

/** Deletes an empty stream. A missing stream is success: the answer to an earlier deletion may have been lost. */
async function deleteStream(zone: StartedZone, stream: string): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    try {
      const { error } = await askStore(zone, `STREAM.DELETE.${stream}`);
      if (!error || error.err_code === storeRefusals.streamNotFound) return { done: true };
      return { saw: error.description ?? "a refusal" };
    } catch (error) {
      return { saw: messageOf(error) };
    }
  };
  await pollUntil(look, {
    what: `the deletion of empty stream ${stream}`,
    deadlineMs: streamsDeadlineMs,
    intervalMs: lookMs,
    code: "snapshot/not-restored",
  });
}

/** Waits until the leader reports all replicas current, and every node itself reports the same contents. */
async function untilEqual(zone: StartedZone, stream: SnapshotStream): Promise<void> {
  const look = async (): Promise<Look<true>> => {
    try {
      const saw = (await whatLacks(zone, stream)) ?? (await whatDiffers(zone, stream));
      return saw === undefined ? { done: true } : { saw };
    } catch (error) {
      return { saw: messageOf(error) };
    }
  };
  await pollUntil(look, {
    what: `${stream.name} to be the same on all nodes`,
    deadlineMs: currentDeadlineMs,
    intervalMs: lookMs,
    code: "snapshot/not-restored",
  });
}

async function whatLacks(zone: StartedZone, { name, consumers }: SnapshotStream): Promise<string | undefined> {
  const { config, cluster, error } = await askStore<StreamInfo>(zone, `STREAM.INFO.${name}`);
  if (error) return error.description;
  const replicas = cluster?.replicas ?? [];
  const late = replicas.filter((one) => !one.current || one.offline === true || (one.lag ?? 0) > 0);
  if (!cluster?.leader) return "no leader";
  if (replicas.length + 1 !== config.num_replicas) return `${replicas.length + 1} of ${config.num_replicas} replicas`;
  if (late.length > 0) return `${late.map((one) => one.name).join(", ")} not current`;
  if (consumers.length === 0) return undefined;
  const there = await consumersOf(zone, name);
  const lost = consumers.find(
    ({ name: consumer, ackedSeq }) => !there.some((one) => one.name === consumer && one.ackedSeq >= ackedSeq),
  );
  return lost && `consumer ${lost.name} is not at ${lost.ackedSeq}`;
}

async function whatDiffers(zone: StartedZone, { name, before }: SnapshotStream): Promise<string | undefined> {
  const info = await askStore<StreamInfo>(zone, `STREAM.INFO.${name}`);
  if (info.error) return info.error.description;
  const wanted = figuresOf(info.state);
  for (const node of nodeNames.filter((one) => zone.node(one).isUp)) {
    const held = (await heldBy(zone, node)).get(name);
    // A stream may have fewer replicas than nodes. `whatLacks` checks their number.
    if (!held) continue;
    // A client may have written between the two answers, so the node may hold more.
    if (held.firstSeq !== wanted.firstSeq || held.lastSeq < Math.max(wanted.lastSeq, before.lastSeq))
      return `${node} holds ${describe(held)}, the leader ${describe(wanted)}`;
  }
  return undefined;
}

function describe({ messages, firstSeq, lastSeq }: SnapshotStream["before"]): string {
  return `${messages} messages, ${firstSeq} to ${lastSeq}`;
}

function notRestored(stream: string, happened: string, expected: string): HarnessError {
  return new HarnessError("snapshot/not-restored", `stream ${stream}: ${happened}`, { expected });
}
