// Kills or freezes one program of a node. The node's supervisor may start a killed one again.

import { HarnessError } from "#base/errors.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

type ProcessSpec = SpecOf<"process-kill" | "process-freeze">;

async function signal(zone: StartedZone, spec: ProcessSpec, name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<string> {
  const { pids } = await zone.askNode(spec.node, {
    do: "signal",
    match: spec.process,
    signal: name,
  });
  if (pids.length === 0 && name !== "SIGCONT")
    throw new HarnessError("fault/no-effect", `${spec.node} runs no ${spec.process}`);
  return `${name} took effect on ${pids.length} processes of ${spec.process}`;
}

export const processKill: Fault<"process-kill"> = {
  inject: async (zone, spec) => effectNow(await signal(zone, spec, "SIGKILL")),
  heal: async () => "nothing to undo: the node's supervisor decides whether the program runs again",
};

export const processFreeze: Fault<"process-freeze"> = {
  inject: async (zone, spec) => effectNow(await signal(zone, spec, "SIGSTOP")),
  heal: async (zone, spec) => (zone.node(spec.node).isUp ? signal(zone, spec, "SIGCONT") : "the node is down"),
};
