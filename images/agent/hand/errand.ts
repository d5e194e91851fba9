// Sends an errand into a node's network namespace as a child of this program and passes on what it tells.

import type { HistoryEvent } from "#history/event.ts";
import type { ChildLine, Errand } from "./audit-child.ts";
import { follow, inNet } from "./inside.ts";

/** Over the errand's own time-out: starting the child and reading its last lines. */
const graceMs = 3_000;

/** @throws what the child says, or when it ends without a result or is killed at its time-out. */
export async function runErrand(errand: Errand, emit: (event: HistoryEvent) => void): Promise<unknown> {
  let result: { value: unknown } | { error: string } | undefined;
  const argv = [process.execPath, process.argv[1]!, "audit-child", JSON.stringify(errand)];
  const child = follow(inNet(errand.pid, argv), (text) => {
    const line = JSON.parse(text) as ChildLine;
    if ("event" in line) emit(line.event);
    else result = line;
  });
  const timer = setTimeout(child.stop, errand.timeoutMs + graceMs);
  const end = await child.ended;
  clearTimeout(timer);
  if (!result) throw new Error(`${errand.do} gave no result: ${end}`);
  if ("error" in result) throw new Error(result.error);
  return result.value;
}
