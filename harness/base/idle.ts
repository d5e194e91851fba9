// Idle time of the machine, from the text of /proc/stat. Pure.

export const statPath = "/proc/stat";

/** Over all cores since boot, in the kernel's ticks. */
export interface Ticks {
  idle: number;
  all: number;
}

/** "cpu  user nice system idle iowait irq softirq steal guest guest_nice". The last two are part of user and nice. */
const countedOnce = 8;

/** Waiting for a disk counts as idle. Undefined when the text has no such line. */
export function ticksIn(text: string): Ticks | undefined {
  const words = /^cpu +([\d ]+)$/m.exec(text)?.[1];
  if (words === undefined) return undefined;
  const ticks = words.split(" ").map(Number).slice(0, countedOnce);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), all: ticks.reduce((sum, one) => sum + one, 0) };
}
