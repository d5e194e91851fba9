// Lines of a log file of any size, plain or gzip. Memory stays bounded: a line is cut at a limit, and the file is read
// as a stream. It knows no log format.

import { createReadStream, fstatSync } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { HarnessError, messageOf } from "#base/errors.ts";
import { openRegular } from "#base/regular-file.ts";

/** A journal entry with all its fields has a few kilobytes. */
export const lineBytesMax = 256 * 1024;

export interface Line {
  /** Without its end. */
  text: string;
  /** Counted from 1. */
  number: number;
  /** Longer than the limit: `text` is its beginning. */
  isCut: boolean;
  /** No line end follows: the last line of a file that was cut short, or of one written without a final line end. */
  isOpen: boolean;
}

/** How the file ended. */
export interface FileEnd {
  /** Bytes after unpacking. */
  bytes: number;
  /** Set when a gzip file ends early; what came before was read. */
  damage?: string;
}

/**
 * Calls `take` for each line of the file.
 *
 * @throws HarnessError `usage/bad-log` when the path is no regular file or cannot be read.
 */
export async function readLines(path: string, take: (line: Line) => void, signal?: AbortSignal): Promise<FileEnd> {
  const fd = openRegular(path, { code: "usage/bad-log" });
  const { size } = fstatSync(fd);
  const raw = createReadStream(path, { fd, highWaterMark: 1 << 18, ...(signal ? { signal } : {}) });
  if (size === 0) return drain(raw, take);
  const isGzip = await beginsLikeGzip(path);
  if (!isGzip) return drain(raw, take);
  return drain(raw.on("error", () => {}).pipe(createGunzip()), take);
}

async function beginsLikeGzip(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { end: 1 })) {
    const bytes = chunk as Buffer;
    return bytes[0] === 0x1f && bytes[1] === 0x8b;
  }
  return false;
}

/** Splits a stream of bytes into lines. A stream of gzip that ends early gives what it had. */
export async function drain(stream: Readable, take: (line: Line) => void): Promise<FileEnd> {
  const splitter = new LineSplitter(take);
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += (chunk as Buffer).length;
      splitter.push(chunk as Buffer);
    }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (!code?.startsWith("Z_"))
      throw new HarnessError("usage/bad-log", `the log cannot be read to its end: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    splitter.end();
    return { bytes, damage: `the gzip data ends early or is damaged (${messageOf(thrown)})` };
  }
  splitter.end();
  return { bytes };
}

const newline = 0x0a;

class LineSplitter {
  readonly #take: (line: Line) => void;
  #parts: Buffer[] = [];
  #length = 0;
  #number = 0;

  constructor(take: (line: Line) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      this.#add(chunk.subarray(from, at));
      this.#emit(false);
      from = at + 1;
    }
    this.#add(chunk.subarray(from));
  }

  end(): void {
    if (this.#length > 0) this.#emit(true);
  }

  /** Keeps no more than the limit, however long the line is. */
  #add(part: Buffer): void {
    const room = lineBytesMax - Math.min(this.#length, lineBytesMax);
    if (room > 0 && part.length > 0) this.#parts.push(Buffer.from(part.subarray(0, room)));
    this.#length += part.length;
  }

  #emit(isOpen: boolean): void {
    const whole = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const text = whole.toString("utf8");
    this.#number += 1;
    const isCut = this.#length > lineBytesMax;
    this.#parts = [];
    this.#length = 0;
    this.#take({ text: text.endsWith("\r") ? text.slice(0, -1) : text, number: this.#number, isCut, isOpen });
  }
}
