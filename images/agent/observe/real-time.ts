// Puts this process before others on a busy host. Niceness counts only inside one cgroup of the cpu controller, so
// the threads also leave the container's own: under cgroup v1 for the root of that controller alone (all others stay,
// so the container still ends as a whole), under v2 by the weight of the container's group.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

const roots = ["/proc/1/root/sys/fs/cgroup", "/sys/fs/cgroup"];
const weightMax = "10000";

/** Lowest of the real-time priorities: it is above everything that is not real-time, which is all there is. */
const fifoPriority = "1";

/**
 * Tries all of it, says on stderr what did not work, and never throws: a slower look is still a look. `observer` is the
 * thread that looks; it alone becomes real-time. It sleeps most of the time, and the kernel's own limit for real-time
 * threads (95%) holds whatever it does.
 */
export function raiseLookThread(observer: number): void {
  attempt("priority", () => {
    for (const thread of readdirSync("/proc/self/task")) setPriority(Number(thread), -20);
  });
  attempt("cpu group", () => {
    const tasks = roots
      .flatMap((root) => [`${root}/cpu/tasks`, `${root}/cpu,cpuacct/tasks`])
      .find((file) => existsSync(file));
    if (tasks) for (const thread of readdirSync("/proc/self/task")) writeFileSync(tasks, thread);
    else writeFileSync(`${roots[0]}${unifiedPath(readFileSync("/proc/self/cgroup", "utf8"))}/cpu.weight`, weightMax);
  });
  // After the move: the container's own group may have no real-time share.
  attempt("real-time", () => void execFileSync("chrt", ["--fifo", "--pid", fifoPriority, String(observer)]));
}

/** The path in the unified tree, from the text of /proc/self/cgroup. Pure. */
function unifiedPath(cgroup: string): string {
  return /^0::(.*)$/m.exec(cgroup)?.[1] ?? "";
}

function attempt(what: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    process.stderr.write(`${what} could not be raised: ${String(error)}\n`);
  }
}
