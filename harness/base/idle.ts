// Idle and stolen time of the machine, from the text of /proc/stat. Pure.

export const statPath = "/proc/stat";

/** Over all cores since boot, in the kernel's ticks. */
export interface Ticks {
  idle: number;
  /** Spent on programs with a positive nice value. They yield to all others. */
  niced: number;
  all: number;
}

/** "cpu  user nice system idle iowait irq softirq steal guest guest_nice". The last two are part of user and nice. */
const countedOnce = 8;

/** Waiting for a disk counts as idle. Undefined when the text has no such line. */
export function ticksIn(text: string): Ticks | undefined {
  const ticks = countedIn(text);
  return ticks && { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), niced: ticks[1] ?? 0, all: sumOf(ticks) };
}

/** Ticks in which the hypervisor ran something else on a core, and all ticks. Undefined as above. */
export function stolenIn(text: string): { stolen: number; all: number } | undefined {
  const ticks = countedIn(text);
  return ticks && { stolen: ticks[7] ?? 0, all: sumOf(ticks) };
}

function countedIn(text: string): number[] | undefined {
  return /^cpu +([\d ]+)$/m.exec(text)?.[1]?.split(" ").map(Number).slice(0, countedOnce);
}

const sumOf = (ticks: readonly number[]) => ticks.reduce((sum, one) => sum + one, 0);
