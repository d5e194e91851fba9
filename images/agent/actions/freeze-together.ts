// Freezes one program on several nodes for a short time, and lets it go on. It is one action, so that no round trip
// makes the time longer, and nothing stays frozen when the harness goes away.

import { readdirSync, readFileSync } from "node:fs";
import { delay, nowNs } from "#base/clock.ts";
import type { FreezeTogetherRequest, FrozenTogether } from "#protocol/commands/node.ts";
import { parseStat } from "../observe/proc-stat.ts";
import { type Target, targetsOf } from "./signal.ts";

/** A stop takes effect in less than 20 ms. Later the program would stay frozen for longer than was asked. */
const proofMaxMs = 250;

/** @throws when a node runs no such program, or one did not freeze, or did not stay frozen, or did not go on */
export async function freezeTogether({ pids, match, forMs }: FreezeTogetherRequest): Promise<FrozenTogether> {
  const targets = pids.flatMap((pid) => {
    const found = targetsOf(pid, match);
    if (found.length === 0) throw new Error(`a node runs no process named ${match}`);
    return found;
  });
  let frozen: FrozenTogether;
  try {
    for (const { pid } of targets) process.kill(pid, "SIGSTOP");
    await until(targets, isStopped, `SIGSTOP to ${match} had no effect`);
    const fromNs = nowNs();
    await delay(forMs);
    if (!targets.every(isStopped)) throw new Error(`${match} did not stay frozen`);
    frozen = { fromNs, toNs: nowNs() };
  } finally {
    for (const target of targets) goOn(target);
  }
  await until(targets, (target) => !isStopped(target), `SIGCONT to ${match} had no effect`);
  return frozen;
}

function goOn({ pid }: Target): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function until(targets: readonly Target[], is: (target: Target) => boolean, otherwise: string): Promise<void> {
  const deadlineNs = nowNs() + proofMaxMs * 1e6;
  while (!targets.every(is)) {
    if (nowNs() > deadlineNs) throw new Error(otherwise);
    await delay(1);
  }
}

/** Every thread of it is stopped: the first one may stop before the others do. */
function isStopped({ pid, startTicks }: Target): boolean {
  try {
    const stats = readdirSync(`/proc/${pid}/task`).map((tid) =>
      readFileSync(`/proc/${pid}/task/${tid}/stat`, "latin1"),
    );
    const isSame = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1")).startTicks === startTicks;
    return isSame && stats.every((stat) => parseStat(stat).state === "T");
  } catch {
    return false;
  }
}
