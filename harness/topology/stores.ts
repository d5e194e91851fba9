// Decides which folders of a node are file systems of their own, in a zone that asks for them. Pure: it makes none.

import { isServiceNode, type NodeName } from "#spec/node.ts";
import type { ZonePlan } from "./plan.ts";

export interface Store {
  /** Unique in the zone. */
  name: string;
  /** Its path in the node. */
  path: string;
}

/** Empty where stores are folders. Leaves out a folder that a mutant puts on a volume. */
export function storesOf(plan: ZonePlan, node: NodeName): Store[] {
  if (plan.spec.stores === "folder") return [];
  const shared = new Set(plan.nodes[node].volumes.map((volume) => volume.path));
  const all = [
    { name: `${node}-jetstream`, path: plan.contract.stores.jetstream },
    ...(isServiceNode(node) ? [{ name: `${node}-artifacts`, path: plan.contract.stores.artifacts }] : []),
  ];
  return all.filter((store) => !shared.has(store.path));
}
