// Signals the processes of a node that `match` selects, and proves that the signal took effect.

import { readFileSync } from "node:fs";
import { delay, nowNs } from "#base/clock.ts";
import type { ProcessName } from "#spec/faults.ts";
import { answersTo } from "#spec/program.ts";
import type { SignalRequest } from "#protocol/commands/node.ts";
import { contract } from "../namespace/contract.ts";
import { readProcess } from "../observe/contained.ts";
import { parseStat } from "../observe/proc-stat.ts";
import { processesBelow } from "../observe/tree.ts";

const proofMaxMs = 3_000;

export interface Target {
  pid: number;
  startTicks: number;
}

/** @throws when no process matches, or no effect shows within 3 s */
export async function signalInside(request: SignalRequest): Promise<{ pids: number[]; states: string[] }> {
  const targets = targetsOf(request.pid, request.match);
  if (targets.length === 0) throw new Error(`the node runs no process named ${request.match}`);
  for (const { pid } of targets) {
    try {
      process.kill(pid, request.signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  const untilNs = nowNs() + proofMaxMs * 1e6;
  for (;;) {
    const states = targets.map(stateOf);
    if (states.every((state) => hasTaken(request.signal, state)))
      return { pids: targets.map(({ pid }) => pid), states };
    if (nowNs() > untilNs)
      throw new Error(`${request.signal} to ${request.match} had no effect: states ${states.join(" ")}`);
    await delay(5);
  }
}

/**
 * The node's processes that `match` selects. Without PID 1, the supervisor: its end would end the node, which is the
 * daemon's task.
 */
export function targetsOf(nodePid: number, match: ProcessName): Target[] {
  return processesBelow(nodePid)
    .slice(1)
    .flatMap((pid) => asTarget(pid, nodePid, match));
}

function hasTaken(signal: SignalRequest["signal"], state: string): boolean {
  if (signal === "SIGSTOP") return state === "T" || state === "gone";
  if (signal === "SIGCONT") return state !== "T";
  return state === "gone";
}

function asTarget(pid: number, nodePid: number, match: ProcessName): Target[] {
  try {
    const process = readProcess(pid, nodePid);
    return process.state !== "Z" && answersTo(match, process, contract.programs)
      ? [{ pid, startTicks: process.startTicks }]
      : [];
  } catch {
    return [];
  }
}

/** The state letter, or "gone": it has ended, is a zombie, or its PID belongs to another process now. */
function stateOf(target: Target): string {
  try {
    const { state, startTicks } = parseStat(readFileSync(`/proc/${target.pid}/stat`, "latin1"));
    return startTicks !== target.startTicks || state === "Z" || state === "X" ? "gone" : state;
  } catch {
    return "gone";
  }
}
