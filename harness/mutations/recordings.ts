// The recorded histories of fixtures/recorded, with their manifests. A recording of a wrong zone is left out: only a
// history that is right can show that a change turns an entry.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { parse } from "yaml";
import { repository } from "#base/repository.ts";
import { HistoryDecoder } from "#history/codec.ts";
import type { History, HistoryHeader } from "#history/event.ts";

export interface Manifest {
  says: string;
  /** Of the file; readers know older ones. */
  format: string;
  /** Version and commit of the harness that recorded it. */
  version: string;
  commit: string;
  scenario: string;
  verdicts: Record<string, string>;
}

const folder = join(repository, "fixtures/recorded");

export function recordingNames(): string[] {
  return readdirSync(folder)
    .flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -".yaml".length)] : []))
    .sort();
}

export function manifestOf(name: string): Manifest {
  return parse(readFileSync(join(folder, `${name}.yaml`), "utf8")) as Manifest;
}

export function isOfRightZone({ verdicts }: Manifest): boolean {
  return Object.values(verdicts).every((verdict) => verdict === "kept");
}

function recordingBytes(name: string): Buffer {
  return brotliDecompressSync(readFileSync(join(folder, `${name}.jsonl.br`)));
}

/** The history as it was written. */
export function recordingText(name: string): string {
  return recordingBytes(name).toString("utf8");
}

/** @throws HarnessError `history/bad-format` */
export function readRecording(name: string): History {
  const decoder = new HistoryDecoder();
  decoder.push(recordingBytes(name));
  return decoder.end();
}

/** Its first line, without a check of its shape. */
export function readRecordedHeader(name: string): HistoryHeader {
  const bytes = recordingBytes(name);
  return JSON.parse(bytes.toString("utf8", 0, bytes.indexOf("\n"))) as HistoryHeader;
}
