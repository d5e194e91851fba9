// The owner of a run's objects: a process, by its PID and start time, so that a reused PID is not taken for it. Known
// weakness: two PID namespaces that share one daemon take each other's owners for dead. Run triad in only one of them.

import { readFileSync } from "node:fs";
import { keptOwner } from "./labels.ts";

/** Start time of a process in clock ticks since boot; null without such a process. Source: proc(5), field 22. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : fields[19]!;
  } catch {
    return null;
  }
}

/** "PID-TICKS" of this or another process; "PID-0" where there is no /proc. */
export function ownerOf(pid: number = process.pid): string {
  return `${pid}-${startTicks(pid) ?? "0"}`;
}

/** True while the process that `owner` names still runs. An owner without a start time counts as alive. */
export function isOwnerAlive(owner: string): boolean {
  if (owner === keptOwner) return true;
  const [pid, ticks] = owner.split("-");
  if (ticks === "0") return true;
  return startTicks(Number(pid)) === ticks;
}
