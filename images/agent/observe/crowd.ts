// How many tasks of this machine want a core, sampled from the kernel's count. It tells a zone that is late from a machine
// that lets everything be late: a program that computes takes about this many times as long as it would alone.

import { availableParallelism } from "node:os";
import { ProcFile } from "./proc-file.ts";

/** "0.52 0.41 0.30 3/412 9120": runnable tasks before the slash, the reader among them. */
const runnable = / (\d+)\/\d+ /;

export class Crowd {
  #file: ProcFile | undefined;
  readonly #cores = availableParallelism();
  #sum = 0;
  #samples = 0;

  constructor(path = "/proc/loadavg") {
    try {
      this.#file = new ProcFile(path, 256);
    } catch {
      this.#file = undefined;
    }
  }

  sample(): void {
    if (!this.#file) return;
    this.#file.read();
    const found = runnable.exec(this.#file.text());
    if (!found) return;
    this.#sum += Math.max(0, Number(found[1]) - 1);
    this.#samples += 1;
  }

  /** Mean over the samples since the last such call, a core; nothing when there was none. */
  take(): number | undefined {
    const mean = this.#samples === 0 ? undefined : this.#sum / this.#samples / this.#cores;
    this.#sum = 0;
    this.#samples = 0;
    return mean === undefined ? undefined : Math.round(mean * 100) / 100;
  }
}
