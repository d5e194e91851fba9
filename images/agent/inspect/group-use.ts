// What the kernel says of the limits of a node's control group: how often they were reached, and how much is used.

import type { GroupUse } from "#protocol/commands/node.ts";
import type { OnNode } from "#protocol/commands/command.ts";
import { groupOf, readGroup } from "../namespace/cgroup.ts";

export async function readGroupUse({ pid }: OnNode): Promise<GroupUse> {
  const [cpu, memory] = [await groupOf(pid, "cpu"), await groupOf(pid, "memory")];
  const number = (...names: string[]) =>
    Number(names.map((name) => readGroup(memory, name)).find((text) => text !== "") ?? 0);
  const limit = number("memory.limit_in_bytes", "memory.max");
  return {
    throttledTimes: countIn(readGroup(cpu, "cpu.stat"), "nr_throttled"),
    throttledMs: throttledMsIn(readGroup(cpu, "cpu.stat")),
    memoryBytes: number("memory.usage_in_bytes", "memory.current"),
    // "max" in version 2.
    memoryLimitBytes: Number.isNaN(limit) ? null : limit,
    limitReachedTimes: Number(readGroup(memory, "memory.failcnt")) + countIn(readGroup(memory, "memory.events"), "max"),
    killedTimes:
      countIn(readGroup(memory, "memory.oom_control"), "oom_kill") +
      countIn(readGroup(memory, "memory.events"), "oom_kill"),
  };
}

/** The number after a name, in a text of lines with a name and a number. 0 where there is none. Pure. */
export function countIn(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
}

/** Version 1 counts nanoseconds, version 2 microseconds. Pure. */
export function throttledMsIn(text: string): number {
  return Math.round(countIn(text, "throttled_time") / 1e6 + countIn(text, "throttled_usec") / 1e3);
}
