// Which folders of a node have a file system of their own in a zone that asks for it. Pure; nothing is made here.

import { isServiceNode, type NodeName } from "#spec/node.ts";
import type { ZonePlan } from "./plan.ts";

export interface Store {
  /** Unique in the zone. */
  name: string;
  /** Where the node has it. */
  path: string;
}

/** Where JetStream keeps what it stores. */
export const messageFolder = "/data/jetstream";

/** None where stores are folders. A folder that a wrong zone shares is left to its volume. */
export function storesOf(plan: ZonePlan, node: NodeName): Store[] {
  if (plan.spec.stores === "folder") return [];
  const shared = new Set(plan.nodes[node].volumes.map((volume) => volume.path));
  const all = [
    { name: `${node}-jetstream`, path: messageFolder },
    ...(isServiceNode(node) ? [{ name: `${node}-artifacts`, path: "/artifacts" }] : []),
  ];
  return all.filter((store) => !shared.has(store.path));
}
