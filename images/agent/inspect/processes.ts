// Watches for a while for processes of a node that `match` selects: every one seen, and those still there at the end.
// So it also sees a program that lives for a tenth of a second.

import { readFileSync } from "node:fs";
import { delay, nowNs } from "#base/clock.ts";
import { answersTo } from "#spec/program.ts";
import type { ProcessesRequest } from "#protocol/commands/node.ts";
import { parseStat } from "../observe/proc-stat.ts";
import { processesBelow } from "../observe/tree.ts";

/** A controller that refuses to start lives for at least 40 ms: Node takes as long to start. */
const pollMs = 10;

/** Replies PIDs. */
export async function watchProcesses(request: ProcessesRequest): Promise<{ seen: number[]; left: number[] }> {
  const { pid, match, forMs } = request;
  const untilNs = nowNs() + forMs * 1e6;
  const seen = new Set<number>();
  for (;;) {
    const left = processesBelow(pid)
      .slice(1)
      .filter((one) => isNamed(one, match));
    for (const one of left) seen.add(one);
    if (nowNs() >= untilNs) return { seen: [...seen], left };
    await delay(pollMs);
  }
}

function isNamed(pid: number, match: string): boolean {
  try {
    const { comm, state } = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
    return state !== "Z" && answersTo(match, { name: comm, argv });
  } catch {
    return false;
  }
}
