// Limits the processor time or the memory of a node, through the engine. The kernel's own counters prove the effect:
// how often the node had to wait, or how often it reached its limit.

import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import type { GroupUse } from "#protocol/commands/node.ts";
import type { NodeName } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

const proofDeadlineMs = 10_000;
const intervalMs = 50;
const mib = 1_024 * 1_024;
/** The daemon takes no smaller limit. */
const leastBytes = 6 * mib;

const useOf = (zone: StartedZone, node: NodeName) => zone.askNode(node, { do: "group-use" });

/** Waits until the counters show it. */
async function until<T>(
  zone: StartedZone,
  node: NodeName,
  { what, look }: { what: string; look: (use: GroupUse) => Look<T> },
): Promise<T> {
  return pollUntil(async () => look(await useOf(zone, node)), {
    what,
    deadlineMs: proofDeadlineMs,
    intervalMs,
    code: "fault/no-effect",
  });
}

export const cpuLimit: Fault<"cpu-limit"> = {
  inject: async (zone, { node, percent }) => {
    const before = await useOf(zone, node);
    const limited = await zone.node(node).limit({ cpuPercent: percent });
    const effect = effectNow("");
    const look = ({ throttledTimes, throttledMs }: GroupUse): Look<string> => {
      const times = throttledTimes - before.throttledTimes;
      const words = `it had to wait ${times} times, ${throttledMs - before.throttledMs} ms in all`;
      return times > 0 ? { done: words } : { saw: words };
    };
    const waited = await until(zone, node, { what: `${node} to wait for the processor`, look });
    return { ...effect, proof: `${limited}; ${waited}` };
  },
  heal: async (zone, { node }) => {
    const freed = await zone.node(node).limit({ cpuPercent: null });
    if (!zone.node(node).isUp) return `${freed}; the node is down`;
    const { throttledTimes, throttledMs } = await useOf(zone, node);
    return `${freed}; since its start it had to wait ${throttledTimes} times, ${throttledMs} ms in all`;
  },
};

/** A node that starts may use more at the limit than at the look before it. The daemon refuses then: look again. */
async function limitMemory(zone: StartedZone, { node, spareMb }: { node: NodeName; spareMb: number }): Promise<string> {
  const attempt = async (): Promise<Look<string>> => {
    const { memoryBytes } = await useOf(zone, node);
    try {
      const limit = Math.max(leastBytes, memoryBytes + spareMb * mib);
      return { done: await zone.node(node).limit({ memoryBytes: limit }) };
    } catch (error) {
      return { saw: messageOf(error) };
    }
  };
  const what = `the daemon to limit the memory of ${node}`;
  return pollUntil(attempt, { what, deadlineMs: proofDeadlineMs, intervalMs, code: "fault/no-effect" });
}

export const memoryLimit: Fault<"memory-limit"> = {
  inject: async (zone, { node, spareMb }) => {
    const before = await useOf(zone, node);
    const limited = await limitMemory(zone, { node, spareMb });
    const effect = effectNow("");
    const look = (use: GroupUse): Look<string> => {
      const times = use.limitReachedTimes - before.limitReachedTimes;
      const killed = use.killedTimes - before.killedTimes;
      const words = `it reached its limit ${times} times, and ${killed} processes were killed`;
      return times > 0 ? { done: words } : { saw: `${words}; it uses ${use.memoryBytes} bytes` };
    };
    const reached = await until(zone, node, { what: `${node} to reach its memory limit`, look });
    return { ...effect, proof: `${limited}; it used ${before.memoryBytes} bytes before; ${reached}` };
  },
  heal: async (zone, { node }) => {
    const freed = await zone.node(node).limit({ memoryBytes: null });
    if (!zone.node(node).isUp) return `${freed}; the node is down`;
    const { memoryBytes, memoryLimitBytes, limitReachedTimes, killedTimes } = await useOf(zone, node);
    if (memoryLimitBytes !== null && memoryLimitBytes < 2 * memoryBytes)
      throw new HarnessError("fault/not-undone", `${node} still has a limit of ${memoryLimitBytes} bytes`);
    return `${freed}; it had reached its limit ${limitReachedTimes} times, and ${killedTimes} processes were killed`;
  },
};
