// Watches for a while for processes of a node that `match` selects: every one seen, and those still there at the end.
// So it also sees a program that lives for a tenth of a second.

import { delay, nowNs } from "#base/clock.ts";
import type { ProcessName } from "#spec/faults.ts";
import { answersTo } from "#spec/program.ts";
import type { ProcessesRequest } from "#protocol/commands/node.ts";
import { contract } from "../namespace/contract.ts";
import { readProcess } from "../observe/contained.ts";
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
      .filter((one) => isNamed(one, pid, match));
    for (const one of left) seen.add(one);
    if (nowNs() >= untilNs) return { seen: [...seen], left };
    await delay(pollMs);
  }
}

/** A container counts once, however many processes it has. */
function isNamed(pid: number, nodePid: number, match: ProcessName): boolean {
  try {
    const process = readProcess(pid, nodePid);
    const isCounted = process.container === undefined || process.isFirst;
    return process.state !== "Z" && isCounted && answersTo(match, process, contract.programs);
  } catch {
    return false;
  }
}
