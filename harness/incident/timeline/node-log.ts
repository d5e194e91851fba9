// The logs of one node: the signs in them, when the node was silent, and what could not be read. Memory is bounded,
// however long the files are. Times are on the clock of the node.

import type { NodeName } from "#spec/node.ts";
import { type FileEnd, type Line, readLines } from "../logs/lines.ts";
import { type LogRecord, type LogState, type Program, readRecord } from "../logs/record.ts";
import { recognise } from "./recognise.ts";
import type { Seen, Sign } from "./sign.ts";

/** A node in trouble writes some thousand signs an hour. */
const signsMax = 50_000;
const silencesMax = 2_000;
/** Shorter pauses between two lines mean nothing. */
const silenceMinMs = 1_500;
const textMax = 400;

export interface LogFile {
  path: string;
  format: string;
  lines: number;
  bytes: number;
  /** Lines without a stamp before the first one with a stamp. */
  unstamped: number;
  badJson: number;
  /** Longer than the limit of a line; their beginning was read. */
  cutLines: number;
  /** Signs beyond the most that are kept. The first ones are kept. */
  dropped: number;
  firstMs?: number;
  lastMs?: number;
  /** The last line has no end: the file was cut short there, or is still being written. */
  endsInALine: boolean;
  /** Why a compressed file could not be read to its end. */
  damage?: string;
}

/** No line of any program between the two times. */
export interface Silence {
  fromMs: number;
  toMs: number;
}

/** A sign with the time of the line before it. */
export interface SeenInLog extends Seen {
  /** When the same program wrote its line before; absent when this is its first. */
  programBeforeMs?: number;
  /** When the node wrote its line before. */
  nodeBeforeMs?: number;
}

export interface NodeLog {
  node: NodeName;
  files: LogFile[];
  seen: SeenInLog[];
  silences: Silence[];
}

/**
 * Reads the log files of a node.
 *
 * @param year For stamps without a year.
 * @throws HarnessError `usage/bad-log`
 */
export async function readNodeLog(
  node: NodeName,
  paths: readonly string[],
  { year, signal }: { year: number; signal?: AbortSignal },
): Promise<NodeLog> {
  const log: NodeLog = { node, files: [], seen: [], silences: [] };
  for (const [index, path] of paths.entries()) {
    const reader = new LogReader(node, index, year);
    const end = await readLines(path, (line) => reader.take(line), signal);
    log.files.push(reader.summary(path, end));
    log.seen.push(...reader.seen);
    // Two files of one node speak in turn: a silence of one is none of the node.
    log.silences = paths.length === 1 ? reader.silences : [];
  }
  log.seen.sort((a, b) => a.atMs - b.atMs || a.file - b.file || a.line - b.line);
  return log;
}

/** One file. Tests feed it lines. */
export class LogReader {
  readonly #node: NodeName;
  readonly #file: number;
  readonly #state: LogState;
  readonly #lastOf = new Map<Program, number>();
  readonly seen: SeenInLog[] = [];
  silences: Silence[] = [];
  #silenceMs = silenceMinMs;
  #last: number | undefined;
  #first: number | undefined;
  #counts = { lines: 0, unstamped: 0, badJson: 0, cutLines: 0, dropped: 0 };
  #isOpen = false;
  #isNewBoot = false;

  constructor(node: NodeName, file: number, year: number) {
    this.#node = node;
    this.#file = file;
    this.#state = { year };
  }

  take({ text, number, isCut, isOpen }: Line): void {
    this.#counts.lines += 1;
    this.#isOpen = isOpen;
    if (isCut) this.#counts.cutLines += 1;
    if (text === "") return;
    const read = readRecord(text, number, this.#state);
    if ("refused" in read) {
      // The last line of a file that was cut short is no damage by itself.
      if (read.refused === "bad-json" && !isOpen) this.#counts.badJson += 1;
      if (read.refused === "no-stamp") this.#counts.unstamped += 1;
      return;
    }
    if ("continues" in read) return;
    if ("mark" in read) {
      // The first boot of the file is no restart.
      this.#isNewBoot ||= read.mark === "boot" && this.#last !== undefined;
      return;
    }
    const { record } = read;
    if (record.isNewBoot || this.#isNewBoot) this.#keep(record, { kind: "booted" });
    this.#isNewBoot = false;
    const sign = recognise(record);
    if (sign) this.#keep(record, sign);
    this.#lastOf.set(record.program, record.atMs);
    this.#noteTime(record.atMs);
  }

  #keep({ atMs, precisionMs, program, text, line }: LogRecord, sign: Sign): void {
    if (this.seen.length >= signsMax) {
      this.#counts.dropped += 1;
      return;
    }
    const before = this.#lastOf.get(program);
    this.seen.push({
      node: this.#node,
      atMs,
      precisionMs,
      sign,
      program,
      text: text.slice(0, textMax),
      line,
      file: this.#file,
      ...(before === undefined ? {} : { programBeforeMs: before }),
      ...(this.#last === undefined ? {} : { nodeBeforeMs: this.#last }),
    });
  }

  #noteTime(atMs: number): void {
    this.#first ??= atMs;
    if (this.#last !== undefined && atMs - this.#last >= this.#silenceMs)
      this.silences.push({ fromMs: this.#last, toMs: atMs });
    if (this.silences.length > silencesMax) {
      this.#silenceMs *= 2;
      this.silences = this.silences.filter(({ fromMs, toMs }) => toMs - fromMs >= this.#silenceMs);
    }
    this.#last = Math.max(this.#last ?? atMs, atMs);
  }

  summary(path: string, { bytes, damage }: FileEnd): LogFile {
    return {
      path,
      format: this.#state.format ?? "unknown",
      bytes,
      ...this.#counts,
      ...(this.#first === undefined ? {} : { firstMs: this.#first }),
      ...(this.#last === undefined ? {} : { lastMs: this.#last }),
      endsInALine: this.#isOpen,
      ...(damage === undefined ? {} : { damage }),
    };
  }
}
