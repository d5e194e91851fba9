// Can artifact storage keep an artifact now? Writes, flushes, reads back and removes a small file. A check that hangs
// counts as failed. No second one starts while it hangs: a dead disk would block every worker thread.

import { randomBytes } from "node:crypto";
import { type FileHandle, open, stat, unlink } from "node:fs/promises";

const probeBytes = 4096;
/** On a busy disk a flush behind a large write took over 2 s; a dead disk never answers. */
const boundMs = 4_000;

export class StorageCheck {
  readonly #folder: string;
  #device: number | undefined;
  #running = false;
  why = "not checked yet";
  isOpen = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Checks once. Resolves within the bound, whatever the disk does. */
  async check(): Promise<void> {
    // The check in progress reports by itself when its bound is over.
    if (this.#running) return;
    this.#running = true;
    const trial = this.#trial().then(
      () => this.#set(""),
      (thrown: NodeJS.ErrnoException) => this.#set(thrown.code ?? thrown.message),
    );
    void trial.finally(() => (this.#running = false));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => (timer = setTimeout(resolve, boundMs, "late")));
    if ((await Promise.race([trial, late])) === "late") this.#set(`no answer in ${boundMs} ms`);
    clearTimeout(timer);
  }

  #set(why: string): void {
    this.why = why;
    this.isOpen = why === "";
  }

  /** Creates the probe file only. A missing folder is a failure; nothing repairs it here. */
  async #trial(): Promise<void> {
    const { dev } = await stat(this.#folder);
    this.#device ??= dev;
    if (dev !== this.#device) throw new Error("another file system stands there");
    const path = `${this.#folder}/.gate-probe`;
    const content = randomBytes(probeBytes);
    const file = await open(path, "w+");
    try {
      await this.#roundTrip(file, content);
    } finally {
      await file.close();
      await unlink(path);
    }
  }

  async #roundTrip(file: FileHandle, content: Buffer): Promise<void> {
    await file.write(content, 0, probeBytes, 0);
    await file.datasync();
    const back = Buffer.alloc(probeBytes);
    await file.read(back, 0, probeBytes, 0);
    if (!back.equals(content)) throw new Error("read back something else");
  }
}
