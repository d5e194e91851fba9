// Puts this process before others on a busy host. Niceness counts only inside one cgroup of the cpu controller, so the
// threads also leave the container's group. Under cgroup v1 they move to the root of that controller alone, so the
// container still ends as a whole. Under v2 the container's group gets the highest weight.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

const roots = ["/proc/1/root/sys/fs/cgroup", "/sys/fs/cgroup"];
const weightMax = "10000";

/** The lowest real-time priority. It is above everything that is not real-time. */
const fifoPriority = "1";

/**
 * Tries all of it, reports on stderr what failed, and never throws: a slower observer still observes. Only the thread
 * of the loop becomes real-time. It sleeps most of the time, and the kernel's limit for real-time threads (95%) holds
 * in any case.
 */
export function raiseLookThread(thread: number): void {
  attempt("priority", () => {
    for (const each of readdirSync("/proc/self/task")) setPriority(Number(each), -20);
  });
  attempt("cpu group", () => {
    const tasks = roots
      .flatMap((root) => [`${root}/cpu/tasks`, `${root}/cpu,cpuacct/tasks`])
      .find((file) => existsSync(file));
    if (tasks) for (const each of readdirSync("/proc/self/task")) writeFileSync(tasks, each);
    else writeFileSync(`${roots[0]}${unifiedPath(readFileSync("/proc/self/cgroup", "utf8"))}/cpu.weight`, weightMax);
  });
  // After the move: the container's own group may have no real-time share.
  attempt("real-time", () => void execFileSync("chrt", ["--fifo", "--pid", fifoPriority, String(thread)]));
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
