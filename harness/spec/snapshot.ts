// What a snapshot of a zone is: the manifest beside its files, as plain data, and how its text is read. One file a
// stream, in JetStream's own snapshot format, which is not ours to look into.

import { HarnessError } from "#base/errors.ts";

export const snapshotFormat = "triad-snapshot/1";
export const manifestName = "manifest.json";

export interface SnapshotScope {
  /**
   * In the order in which they are taken: a cursor points at a fact, so the cursors come first and none is ahead of the
   * facts. Without the lease: it is of one zone and one hour, and a restored one would keep a new zone from serving.
   */
  streams: string[];
  /** Durable consumers of those streams, and how far each came. */
  hasConsumers: boolean;
}

export interface StreamFigures {
  messages: number;
  bytes: number;
  firstSeq: number;
  lastSeq: number;
}

/** How far a durable consumer came; sequences of the stream. */
export interface ConsumerFigures {
  name: string;
  deliveredSeq: number;
  ackedSeq: number;
}

/** What JetStream answers to CONSUMER.LIST, as far as it is used. */
export interface ConsumerList {
  consumers?:
    | {
        name: string;
        config?: { durable_name?: string };
        delivered: { stream_seq: number };
        ack_floor: { stream_seq: number };
      }[]
    | null;
}

/** The durable ones; the others end with whoever made them. */
export function durableOf({ consumers }: ConsumerList): ConsumerFigures[] {
  const durable = (consumers ?? []).filter((one) => one.config?.durable_name);
  return durable.map(({ name, delivered, ack_floor: acked }) => ({
    name,
    deliveredSeq: delivered.stream_seq,
    ackedSeq: acked.stream_seq,
  }));
}

export interface SnapshotStream {
  name: string;
  /** Beside the manifest. */
  file: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** As the server describes it, and wants it back. */
  config: Record<string, unknown>;
  /** What the server said when it began and when it had ended; the content lies between. Equal when nobody wrote. */
  before: StreamFigures;
  after: StreamFigures;
  consumers: ConsumerFigures[];
}

export interface SnapshotManifest {
  format: typeof snapshotFormat;
  zoneId: string;
  /** Wall time, for people. */
  takenAt: string;
  /** Version of the nats-server that made it. */
  server: string;
  streams: SnapshotStream[];
}

/** @throws HarnessError `snapshot/damaged` when the text is no manifest of this format. */
export function decodeManifest(text: string): SnapshotManifest {
  const damaged = (what: string) =>
    new HarnessError("snapshot/damaged", `${manifestName}: ${what}`, { expected: `the format ${snapshotFormat}` });
  let manifest: SnapshotManifest;
  try {
    manifest = JSON.parse(text) as SnapshotManifest;
  } catch {
    throw damaged("it is not JSON");
  }
  if (manifest?.format !== snapshotFormat) throw damaged(`its format is ${JSON.stringify(manifest?.format)}`);
  if (!Array.isArray(manifest.streams) || manifest.streams.length === 0) throw damaged("it names no stream");
  const unsound = manifest.streams.find((one) => !isSound(one));
  if (unsound !== undefined) throw damaged(`its entry ${JSON.stringify(unsound).slice(0, 80)} is not a stream's`);
  return manifest;
}

/** Names become parts of paths and subjects, so they are held to what a stream may be called here. */
function isSound(stream: SnapshotStream): boolean {
  return (
    isRecord(stream) &&
    /^[A-Za-z0-9_-]{1,64}$/.test(stream.name) &&
    /^[A-Za-z0-9_.-]{1,80}$/.test(stream.file) &&
    /^[0-9a-f]{64}$/.test(stream.sha256) &&
    Number.isSafeInteger(stream.bytes) &&
    isRecord(stream.config) &&
    isFigures(stream.before) &&
    isFigures(stream.after) &&
    Array.isArray(stream.consumers)
  );
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFigures(figures: StreamFigures): boolean {
  return [figures?.messages, figures?.firstSeq, figures?.lastSeq].every(Number.isSafeInteger);
}
