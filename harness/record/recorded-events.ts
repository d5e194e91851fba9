// The history of a zone that stays up, as its recorder writes it, and as `triad judge` reads it. What closes a history
// goes into a file of its own: the load goes on after a judgement, so the zone's history has no end.

import { closeSync, createReadStream, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { nowNs } from "#base/clock.ts";
import { encodeLine } from "#history/codec.ts";
import type { HistoryEvent, HistoryHeader } from "#history/event.ts";
import type { EventWriter } from "#scenario/live-history.ts";
import { recordedHistory, recordFolder, RecordWriter } from "#zones/record-files.ts";

const closingTypes: ReadonlySet<string> = new Set<HistoryEvent["type"]>(["stored", "older"]);
const closingMarks: ReadonlySet<string> = new Set(["load-stopped", "drained", "audited"]);

export function closingFile(name: string): string {
  return join(recordFolder(name), "closing.jsonl");
}

/** Writes the events of a recorder. */
export class RecordedEvents implements EventWriter {
  readonly #main: RecordWriter;
  readonly #name: string;
  #closing: number | undefined;
  readonly #openedNs = nowNs();

  constructor(name: string) {
    this.#name = name;
    this.#main = new RecordWriter(name);
  }

  readonly write = (event: HistoryEvent): void => {
    if (this.#isSeenBefore(event)) return;
    if (this.#closing !== undefined && isOfClosing(event)) writeSync(this.#closing, encodeLine(event));
    else this.#main.write(event);
  };

  /**
   * The observer of `triad up` looks until the recorder's does. In the file, the recorder's first look at a node would
   * claim that the time before was not watched. The recorder itself needs that look to know the node's state.
   */
  #isSeenBefore(event: HistoryEvent): boolean {
    return event.type === "observed" && event.startedNs !== undefined && event.startedNs < this.#openedNs;
  }

  /** From now on, until `endClosing`, what closes a history goes into the closing's file. */
  beginClosing(): void {
    rmSync(closingFile(this.#name), { force: true });
    this.#closing = openSync(closingFile(this.#name), "wx", 0o600);
  }

  endClosing(): void {
    if (this.#closing !== undefined) closeSync(this.#closing);
    this.#closing = undefined;
  }

  [Symbol.dispose](): void {
    this.endClosing();
    this.#main[Symbol.dispose]();
  }
}

function isOfClosing(event: HistoryEvent): boolean {
  return closingTypes.has(event.type) || (event.type === "mark" && closingMarks.has(event.mark));
}

/** A history as it was recorded so far. */
export interface Recorded {
  header: HistoryHeader;
  events: HistoryEvent[];
  /** Lines that are no whole event: a writer or the machine was killed, or the disk was full. */
  damaged: number;
}

/** @param picks only these events; a line is parsed only when it may be one. */
export async function readRecorded(name: string, picks?: RegExp): Promise<Recorded> {
  const lines = createInterface({ input: createReadStream(recordedHistory(name)), crlfDelay: Infinity });
  let header: HistoryHeader | undefined;
  const found = { events: [] as HistoryEvent[], damaged: 0 };
  for await (const line of lines) {
    if (header && picks && !picks.test(line)) continue;
    const value = parsed(line);
    if (!value) found.damaged += 1;
    else if (header) found.events.push(value as HistoryEvent);
    else header = value as unknown as HistoryHeader;
  }
  if (!header) throw new Error(`${recordedHistory(name)} is empty`);
  found.events.sort((a, b) => a.t - b.t);
  return { header, ...found };
}

/** The events that closed the history last. */
export async function readClosing(name: string): Promise<HistoryEvent[]> {
  const lines = createInterface({ input: createReadStream(closingFile(name)), crlfDelay: Infinity });
  const events: HistoryEvent[] = [];
  for await (const line of lines) {
    const value = parsed(line);
    if (value) events.push(value as HistoryEvent);
  }
  return events;
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Lines of faults and marks. */
export const deeds = /"type":"(?:fault|mark)"/;

/** A question of `triad judge`, and the answer of the recorder. */
export interface Asked {
  id: number;
}
export interface Answered {
  id: number;
  error?: string;
  /** The first and the last instant of the closing. */
  fromNs: number;
  toNs: number;
}
