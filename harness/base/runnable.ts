// Number of tasks that want a core, from the text of /proc/loadavg. Pure: each caller decides how and how often to read
// the file.

export const loadavgPath = "/proc/loadavg";

/** "0.52 0.41 0.30 3/412 9120": runnable tasks stand before the slash and include the reader. */
const runnable = / (\d+)\/\d+ /;

/** Without the reader. Undefined when the text has another form. */
export function runnableIn(text: string): number | undefined {
  const found = runnable.exec(text);
  return found ? Math.max(0, Number(found[1]) - 1) : undefined;
}
