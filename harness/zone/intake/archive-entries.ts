// Reads tar archives as they come, plain or compressed by gzip or zstd, with a limit on what they unpack to. It writes
// nothing.

import { createReadStream } from "node:fs";
import { pipeline, Readable, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { extract } from "tar-stream";
import { HarnessError, messageOf } from "#base/errors.ts";

/** Far more than a controller needs. A bomb reaches it within seconds. */
export const unpackedMax = 4 * 1024 ** 3;
const entriesMax = 1_000_000;

type Bytes = AsyncIterable<Buffer>;

/** The used part of an entry's header. */
export interface TarHeader {
  name: string;
  size?: number;
  mode?: number;
  uid?: number;
  gid?: number;
  devmajor?: number;
  devminor?: number;
  linkname?: string | null;
  /** `null` for a kind that tar-stream does not know, such as GNU's sparse files. */
  type?: string | null;
  pax?: Record<string, string> | null;
}

export interface TarEntry {
  header: TarHeader;
  /** To be read before the next entry is asked for. What is not read is skipped. */
  content: Bytes;
}

/** What has been unpacked so far, over all archives of one image. */
export class Budget {
  readonly #max: number;
  #bytes = 0;
  #entries = 0;

  constructor(max: number = unpackedMax) {
    this.#max = max;
  }

  /** Would so many bytes be too many? A bomb may say its size at once. @throws HarnessError `controller/too-large` */
  expect(bytes: number): void {
    if (this.#bytes + bytes > this.#max) this.#refuse();
  }

  /** @throws HarnessError `controller/too-large` */
  spend(bytes: number, entries = 0): void {
    this.#bytes += bytes;
    this.#entries += entries;
    if (this.#bytes > this.#max) this.#refuse();
    if (this.#entries > entriesMax) throw tooLarge(`it holds more than ${entriesMax} files`);
  }

  #refuse(): never {
    throw tooLarge(`it unpacks to more than ${Math.round(this.#max / 1024 ** 3)} GiB`);
  }
}

function tooLarge(how: string): HarnessError {
  return new HarnessError("controller/too-large", `the image of the controller is too large: ${how}`);
}

/** The entries of an archive on disk. */
export function entriesOfFile(path: string, budget: Budget): AsyncGenerator<TarEntry> {
  return tarEntries(createReadStream(path), budget);
}

/**
 * The entries of a tar archive. `onUnpacked` gets every byte of it.
 *
 * @throws HarnessError `controller/damaged` when it ends early or cannot be unpacked, `controller/too-large`.
 */
export async function* tarEntries(
  source: Bytes,
  budget: Budget,
  onUnpacked?: (chunk: Buffer) => void,
): AsyncGenerator<TarEntry> {
  const entries = extract();
  pipeline(Readable.from(unpacked(source, budget, onUnpacked)), entries, () => {
    // The loop below throws the error.
  });
  try {
    for await (const entry of entries) {
      const header = entry.header as TarHeader;
      // A sparse file claims a size that the archive does not hold.
      budget.spend(Number(header.pax?.["GNU.sparse.realsize"] ?? header.pax?.["GNU.sparse.size"] ?? 0), 1);
      budget.expect(header.size ?? 0);
      if (header.type === null) throw damaged(`it has an entry of an unknown kind: ${header.name}`);
      yield { header, content: entry as unknown as Bytes };
      entry.resume();
    }
  } catch (error) {
    throw asDamage(error);
  }
}

/** An error of the archive's own format. */
function asDamage(error: unknown): HarnessError {
  return error instanceof HarnessError ? error : damaged(messageOf(error));
}

export function damaged(how: string): HarnessError {
  return new HarnessError("controller/damaged", `the archive of the controller is damaged: ${how}`);
}

const magics: [Buffer, () => Transform][] = [
  [Buffer.from([0x1f, 0x8b]), () => createGunzip()],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), () => createZstdDecompress()],
];
const magicLength = 4;

async function* unpacked(source: Bytes, budget: Budget, onUnpacked?: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  const { first, rest } = await begun(source);
  const unpack = magics.find(([magic]) => first.subarray(0, magic.length).equals(magic))?.[1];
  const plain = unpack ? pipeline(Readable.from(rest), unpack(), () => {}) : rest;
  for await (const chunk of plain as Bytes) {
    budget.spend(chunk.length);
    onUnpacked?.(chunk);
    yield chunk;
  }
}

/** The first bytes, and all of them. */
async function begun(source: Bytes): Promise<{ first: Buffer; rest: Bytes }> {
  const iterator = source[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  while (first.length < magicLength) {
    const { value, done } = await iterator.next();
    if (done) break;
    first = Buffer.concat([first, value]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield first;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done) return;
      yield value;
    }
  }
  return { first, rest: all() };
}

/** The whole content of a small entry. @throws HarnessError `controller/damaged` */
export async function bytesOf(content: Bytes, max: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of content) {
      size += chunk.length;
      if (size > max) throw damaged(`a description of more than ${max} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw asDamage(error);
  }
  return Buffer.concat(chunks);
}
