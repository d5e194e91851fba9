// The record of a zone that `triad up` started: a folder in the cache with the zone's history and with notes between
// the commands and the recorder. Every writer appends whole lines, so that commands by hand and the recorder share the
// file.

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "#engine/paths.ts";
import { encodeLine } from "#history/codec.ts";
import type { HistoryEvent, HistoryHeader } from "#history/event.ts";
import { historyFile } from "#history/read-history.ts";

/** What stands beside the history of a zone. */
export interface RecordFacts {
  /** Id of the zone's plan: another zone may have the same name later. */
  zoneId: string;
  startedAt: string;
  seed: number;
  hasLoad: boolean;
}

export function recordFolder(name: string): string {
  return join(cacheFolder(), "records", name);
}

export function recordedHistory(name: string): string {
  return join(recordFolder(name), historyFile);
}

/** Begins the record of a new zone. A record that an earlier zone of that name left is removed. */
export function beginRecord(name: string, header: HistoryHeader, facts: RecordFacts): void {
  removeRecord(name);
  mkdirSync(recordFolder(name), { recursive: true, mode: 0o700 });
  writeFileSync(recordedHistory(name), encodeLine(header), { mode: 0o600 });
  writeNote(name, "facts", facts);
}

/** Null where the zone has no record: a zone of a run that was kept. */
export function recordFacts(name: string): RecordFacts | null {
  return readNote<RecordFacts>(name, "facts");
}

export function removeRecord(name: string): void {
  rmSync(recordFolder(name), { recursive: true, force: true });
}

/** Notes in a record's folder, by name. */
export type NoteName = "facts" | "recorder" | "asked" | "answer" | "verdicts";

export function writeNote(name: string, note: NoteName, value: unknown): void {
  const path = join(recordFolder(name), `${note}.json`);
  writeFileSync(`${path}.next`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${path}.next`, path);
}

export function readNote<T>(name: string, note: NoteName): T | null {
  const path = join(recordFolder(name), `${note}.json`);
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

export function removeNote(name: string, note: NoteName): void {
  rmSync(join(recordFolder(name), `${note}.json`), { force: true });
}

/** Appends events to a zone's history. Does nothing where the zone has no record. */
export class RecordWriter implements Disposable {
  readonly #file: number | undefined;

  constructor(name: string) {
    const path = recordedHistory(name);
    this.#file = existsSync(path) ? openSync(path, "a") : undefined;
  }

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  /** One write for each line: the kernel keeps lines of several writers apart. */
  readonly write = (event: HistoryEvent): void => {
    if (this.#file !== undefined) writeSync(this.#file, encodeLine(event));
  };

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}
