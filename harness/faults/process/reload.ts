// An operator reloads keepalived, with the same file or a changed one.

import { HarnessError } from "#base/errors.ts";
import { defined } from "#base/defined.ts";
import { isServiceNode, type NodeName } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

const timeoutMs = 10_000;

async function reload(zone: StartedZone, node: NodeName, priorityBy?: number): Promise<string> {
  if (!isServiceNode(node)) throw new HarnessError("usage/unknown-node", `${node} runs no keepalived`);
  const request = { do: "reload-keepalived", ...defined({ priorityBy }) } as const;
  const { pid, file, afterMs, priority } = await zone.askNode(node, request, timeoutMs);
  return `keepalived of ${node} (pid ${pid}) read ${file} ${afterMs.toFixed(0)} ms after SIGHUP; its priority is ${priority}`;
}

export const keepalivedReload: Fault<"keepalived-reload"> = {
  inject: async (zone, { node, priorityBy }) => effectNow(await reload(zone, node, priorityBy)),
  heal: async (zone, { node, priorityBy }) => {
    if (priorityBy === undefined) return "nothing to undo: the file is the same";
    return zone.node(node).isUp ? reload(zone, node) : "the node is down";
  },
};
