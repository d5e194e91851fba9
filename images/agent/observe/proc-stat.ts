// Reads /proc/PID/stat: name, state and start of a process. Pure. The name may hold spaces and brackets, so fields
// count from the last ")".

/** One letter: R S D T t Z X I. Empty when the text is not a stat line. */
export function stateIn(stat: Buffer, length: number): string {
  const end = stat.lastIndexOf(0x29, length - 1);
  if (end === -1 || end + 2 >= length) return "";
  return String.fromCharCode(stat[end + 2]!);
}

export interface ProcStat {
  comm: string;
  state: string;
  parent: number;
  /** Clock ticks (100 a second) since boot, including suspends. */
  startTicks: number;
}

/** @throws when `text` is not a stat line. */
export function parseStat(text: string): ProcStat {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  const fields = text.slice(close + 2).split(" ");
  const startTicks = Number(fields[19]);
  if (open === -1 || close === -1 || !Number.isInteger(startTicks))
    throw new Error(`not a stat line: ${text.slice(0, 60)}`);
  return { comm: text.slice(open + 1, close), state: fields[0] ?? "", parent: Number(fields[1]), startTicks };
}

/** A start in CLOCK_MONOTONIC nanoseconds, in steps of 10 ms. `bootOffsetNs` is BOOTTIME minus MONOTONIC. */
export function startedNs(startTicks: number, bootOffsetNs: number): number {
  return startTicks * 10_000_000 - bootOffsetNs;
}
