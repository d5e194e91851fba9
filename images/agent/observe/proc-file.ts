// One /proc file that is held open and read from its start again and again into the same bytes. An open file of
// /proc/PID/net keeps that network namespace alive, so its owner must close it as soon as the process is gone.

import { closeSync, openSync, readSync } from "node:fs";

const halfPage = 2048;
const never = () => false;

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

  /**
   * Reads again, to the end or until `isEnough`. The kernel returns whole records, at most a page in a read. A read of
   * under half a page is therefore the last. That saves the empty read at the end, which costs as much as the first for
   * tcp.
   *
   * @throws with the kernel's errno: ESRCH when the process is gone
   */
  read(isEnough: (bytes: Buffer, length: number) => boolean = never): void {
    if (this.#fd === undefined) throw new Error("closed");
    this.#length = 0;
    for (;;) {
      const got = readSync(this.#fd, this.#bytes, this.#length, this.#bytes.length - this.#length, this.#length);
      this.#length += got;
      if (got < halfPage || isEnough(this.#bytes, this.#length)) return;
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
