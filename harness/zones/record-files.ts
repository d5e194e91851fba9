// The record of a zone that `triad up` started: a folder in the cache with the zone's history and with notes between
// the commands and the recorder. Every writer appends whole lines, so that commands by hand and the recorder share the
// file.

import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "#engine/paths.ts";
import { encodeLine } from "#history/codec.ts";
import type { HistoryEvent } from "#history/event.ts";
import { historyFile } from "#history/read-history.ts";

function recordFolder(name: string): string {
  return join(cacheFolder(), "records", name);
}

function recordedHistory(name: string): string {
  return join(recordFolder(name), historyFile);
}

/** Appends events to a zone's history. Does nothing where the zone has no record. */
export class RecordWriter implements Disposable {
  readonly #file: number | undefined;

  constructor(name: string) {
    const path = recordedHistory(name);
    this.#file = existsSync(path) ? openSync(path, "a") : undefined;
  }

  /** One write for each line: the kernel keeps lines of several writers apart. */
  readonly write = (event: HistoryEvent): void => {
    if (this.#file !== undefined) writeSync(this.#file, encodeLine(event));
  };

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}
