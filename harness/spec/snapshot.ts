// The manifest of a snapshot, as plain data, and its decoder. A snapshot has one file for each stream, in JetStream's
// own snapshot format, which the harness does not read.

import { HarnessError } from "#base/errors.ts";

export const snapshotFormat = "triad-snapshot/1";
export const manifestName = "manifest.json";

export interface SnapshotScope {
  /**
   * In the order in which they are taken. A cursor points at a fact, so cursors come first and never point past the
   * facts. The lease is left out: a restored lease would keep the new zone from serving.
   */
  streams: string[];
  /** Whether it holds the durable consumers of those streams with their positions. */
  hasConsumers: boolean;
}

export interface StreamFigures {
  messages: number;
  bytes: number;
  firstSeq: number;
  lastSeq: number;
}

/** The position of a durable consumer, in sequences of the stream. */
export interface ConsumerFigures {
  name: string;
  deliveredSeq: number;
  ackedSeq: number;
}

/** The used part of JetStream's answer to CONSUMER.LIST. */
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

/** Only durable consumers. The others end with the client that made them. */
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
  /** In the folder of the manifest. */
  file: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** As the server describes it and expects it at a restore. */
  config: Record<string, unknown>;
  /** The server's figures before and after. The content lies between the two. Equal when no client wrote. */
  before: StreamFigures;
  after: StreamFigures;
  consumers: ConsumerFigures[];
}

export interface SnapshotManifest {
  format: typeof snapshotFormat;
  zoneId: string;
  /** Wall time. Only people read it. */
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
  if (!Array.isArray(manifest.streams) || manifest.streams.length === 0) throw damaged("it lists no stream");
  const unsound = manifest.streams.find((one) => !isSound(one));
  if (unsound !== undefined)
    throw damaged(`its entry ${JSON.stringify(unsound).slice(0, 80)} does not describe a stream`);
  return manifest;
}

/** Checks the names strictly, because they become parts of paths and subjects. */
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
