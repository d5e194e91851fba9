// Breaks artifact storage in the node's mount namespace. A write from there proves it. images/agent/actions/storage.ts
// describes each way.

import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

async function set(zone: StartedZone, spec: SpecOf<"storage">, isBroken: boolean): Promise<string> {
  const { artifacts } = zone.plan.contract.stores;
  const reply = await zone.askNode(spec.node, {
    do: "storage",
    path: artifacts,
    way: spec.way,
    isBroken,
  });
  return `a write in ${artifacts} of ${spec.node} gave ${reply.write}; ${reply.mounts} mounts lie over it`;
}

export const storage: Fault<"storage"> = {
  inject: async (zone, spec) => effectNow(await set(zone, spec, true)),
  heal: async (zone, spec) =>
    zone.node(spec.node).isUp ? set(zone, spec, false) : "the node is down, and its mounts ended with it",
};
