// How much of its time the machine had nothing to do, out of the text of /proc/stat. Pure.

export const statPath = "/proc/stat";

/** Over all cores since boot, in the kernel's ticks. */
export interface Ticks {
  idle: number;
  all: number;
}

/** "cpu  user nice system idle iowait irq softirq steal guest guest_nice": a guest's time is in user and nice already. */
const countedOnce = 8;

/** Waiting for a disk is idle too; nothing where the text says something else. */
export function ticksIn(text: string): Ticks | undefined {
  const words = /^cpu +([\d ]+)$/m.exec(text)?.[1];
  if (words === undefined) return undefined;
  const ticks = words.split(" ").map(Number).slice(0, countedOnce);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), all: ticks.reduce((sum, one) => sum + one, 0) };
}
