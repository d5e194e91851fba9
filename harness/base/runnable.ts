// The kernel's count of tasks that want a core, out of the text of /proc/loadavg. Pure: whoever reads the file has reasons of
// his own for how and how often.

export const loadavgPath = "/proc/loadavg";

/** "0.52 0.41 0.30 3/412 9120": runnable tasks before the slash, the reader among them. */
const runnable = / (\d+)\/\d+ /;

/** The reader left out; nothing where the text says something else. */
export function runnableIn(text: string): number | undefined {
  const found = runnable.exec(text);
  return found ? Math.max(0, Number(found[1]) - 1) : undefined;
}
