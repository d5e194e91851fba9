// How many tasks of this machine want a core, sampled from the kernel's count. It distinguishes a late zone from a
// machine on which everything is late: a computing program takes about this many times longer than alone.

import { availableParallelism } from "node:os";
import { loadavgPath, runnableIn } from "#base/runnable.ts";
import { ProcFile } from "./proc-file.ts";

export class CpuContention {
  #file: ProcFile | undefined;
  readonly #cores = availableParallelism();
  #sum = 0;
  #samples = 0;

  constructor(path = loadavgPath) {
    try {
      this.#file = new ProcFile(path, 256);
    } catch {
      this.#file = undefined;
    }
  }

  sample(): void {
    if (!this.#file) return;
    this.#file.read();
    const tasks = runnableIn(this.#file.text());
    if (tasks === undefined) return;
    this.#sum += tasks;
    this.#samples += 1;
  }

  /** Mean number of runnable tasks per core since the last call; undefined without a sample. */
  take(): number | undefined {
    const mean = this.#samples === 0 ? undefined : this.#sum / this.#samples / this.#cores;
    this.#sum = 0;
    this.#samples = 0;
    return mean === undefined ? undefined : Math.round(mean * 100) / 100;
  }
}
