// Watches for processes of a node that a word picks out, for a while: which were there at any time, which still are.
// So a program that lives for a tenth of a second is seen too.

import { readFileSync } from "node:fs";
import { delay, nowNs } from "#base/clock.ts";
import { answersTo } from "#spec/program.ts";
import type { ProcessesRequest } from "#protocol/commands/node.ts";
import { parseStat } from "../observe/proc-stat.ts";
import { processesBelow } from "../observe/tree.ts";

/** A controller that refuses to start lives for 40 ms at least: Node itself takes as long to start. */
const lookMs = 10;

/** Replies PIDs: each that answered to `match` at some look, and those that did at the last. */
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
    await delay(lookMs);
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
