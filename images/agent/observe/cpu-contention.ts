// How many tasks of this machine want a core, sampled from the kernel's count. It tells a zone that is late from a
// machine that lets everything be late: a program that computes takes about this many times as long as it would alone.

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

  /** Mean over the samples since the last such call, a core; nothing when there was none. */
  take(): number | undefined {
    const mean = this.#samples === 0 ? undefined : this.#sum / this.#samples / this.#cores;
    this.#sum = 0;
    this.#samples = 0;
    return mean === undefined ? undefined : Math.round(mean * 100) / 100;
  }
}
