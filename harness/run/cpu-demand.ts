// What the tasks of this machine wanted of its cores, and what the cores had left, over the last seconds.

import { readFileSync } from "node:fs";
import { availableParallelism, getPriority } from "node:os";
import { statPath, type Ticks, ticksIn } from "#base/idle.ts";
import { loadavgPath, runnableIn } from "#base/runnable.ts";

export interface Demand {
  /** Tasks that want to run, for each core; the mean. Without nice programs, as far as these ran. */
  runnablePerCore: number;
  /** Share of the cores' time that was idle or went to nice programs, 0 to 1. */
  idle: number;
}

/** What the kernel counts at one moment. */
export interface CpuCount extends Ticks {
  runnable: number;
}

/** Undefined where the kernel does not count. */
export function countNow(): CpuCount | undefined {
  try {
    const runnable = runnableIn(readFileSync(loadavgPath, "latin1"));
    const ticks = ticksIn(readFileSync(statPath, "latin1"));
    if (runnable === undefined || !ticks) return undefined;
    return { runnable, ...ticks, niced: isNicedYielding ? ticks.niced : 0 };
  } catch {
    return undefined;
  }
}

/**
 * A run that is nice itself competes with the other nice programs. With autogroups the kernel shares the cores between
 * sessions, and nice means nothing between them: a compiler at nice 19 took 43% of two cores from three zones.
 */
function yieldsNiced(): boolean {
  return getPriority() <= 0 && readIfThere(autogroupPath)?.trim() !== "1";
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

const autogroupPath = "/proc/sys/kernel/sched_autogroup_enabled";
/** Read once: the limiter counts four times a second. */
const isNicedYielding = yieldsNiced();

/** The counts of the last `2 * spanCounts` moments. */
export class DemandWindow {
  readonly #spanCounts: number;
  readonly #counts: CpuCount[] = [];

  constructor(spanCounts: number) {
    this.#spanCounts = spanCounts;
  }

  add(count: CpuCount): void {
    this.#counts.push(count);
    if (this.#counts.length > 2 * this.#spanCounts) this.#counts.shift();
  }

  /** Over one span, or over all counts when there are fewer. Needs one count. */
  get lately(): Demand {
    return demandOf(this.#counts.slice(-this.#spanCounts));
  }

  /** Over two spans; undefined before that much was counted. */
  get lasting(): Demand | undefined {
    return this.#counts.length < 2 * this.#spanCounts ? undefined : demandOf(this.#counts);
  }
}

function demandOf(counts: readonly CpuCount[]): Demand {
  const [first, last] = [counts[0]!, counts.at(-1)!];
  const runnable = counts.reduce((sum, count) => sum + count.runnable, 0) / counts.length;
  const all = Math.max(1, last.all - first.all);
  // A nice program yields its core to a zone. While it runs it is one of the runnable tasks.
  const niced = (last.niced - first.niced) / all;
  return {
    runnablePerCore: Math.max(0, runnable / availableParallelism() - niced),
    idle: (last.idle - first.idle) / all + niced,
  };
}
