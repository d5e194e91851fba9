// What still runs of a run that ended. Programs of the harness inherit a variable; programs of the zones are in the
// control group of the engine.

import { readdirSync, readFileSync } from "node:fs";

const marker = "TRIAD_EARLY_END";

/** For the environment of a run. */
export function markedAs(name: string): Record<string, string> {
  return { [marker]: name };
}

/** One line for each process that carries the mark or is in that control group. */
export function leftOf(name: string, cgroupParent: string): string[] {
  const pids = readdirSync("/proc").filter((one) => /^\d+$/.test(one));
  return pids.flatMap((pid) => {
    const isOurs =
      textOf(pid, "environ").split("\0").includes(`${marker}=${name}`) ||
      textOf(pid, "cgroup")
        .split("\n")
        .some((line) => isBelow(line.split(":").at(-1) ?? "", cgroupParent));
    return isOurs && !isDead(pid) ? [`${pid} ${textOf(pid, "cmdline").replaceAll("\0", " ").slice(0, 120)}`] : [];
  });
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

/** A process that its parent did not wait for yet. */
function isDead(pid: string): boolean {
  return /\) Z /.test(textOf(pid, "stat")) || textOf(pid, "stat") === "";
}

/** Empty when the process ended a moment ago. */
function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
