// One /proc file held open and read from its start again and again into the same bytes. Holding a file of /proc/PID/net
// keeps that network namespace alive, so whoever opens one closes it as soon as the process is gone.

import { closeSync, openSync, readSync } from "node:fs";

export class ProcFile {
  #fd: number | undefined;
  #bytes: Buffer;
  #length = 0;

  constructor(path: string, sizeMax = 16_384) {
    this.#fd = openSync(path, "r");
    this.#bytes = Buffer.alloc(sizeMax);
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  /** Reads anew. @throws with the errno of the kernel, ESRCH when the process is gone. */
  read(): void {
    if (this.#fd === undefined) throw new Error("closed");
    this.#length = 0;
    for (;;) {
      const got = readSync(this.#fd, this.#bytes, this.#length, this.#bytes.length - this.#length, this.#length);
      this.#length += got;
      // The kernel hands out /proc/net files by whole records, a page or so a read; an empty read is the end.
      if (got === 0) return;
      if (this.#length === this.#bytes.length) this.#grow();
    }
  }

  text(): string {
    return this.#bytes.toString("latin1", 0, this.#length);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #grow(): void {
    const larger = Buffer.alloc(this.#bytes.length * 2);
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
