// What a scenario may wait for with a `when` step: something that is seen of the zone from outside. Plain data.

import type { ServiceNode } from "./node.ts";

/** Each name, and whether it is about a service node or about a stream. */
export const triggers = {
  /** The VIP came to the node. The pattern's MASTER owns it. */
  "vip-gained": "node",
  "vip-lost": "node",
  /** The node listens on the RPC port, or no longer does. */
  "listener-opened": "node",
  "listener-closed": "node",
  /** An AppendFact was answered by the node. */
  answered: "node",
  /** Another server leads the stream. */
  "leader-moved": "stream",
  /** The holder of the lease wrote it again. */
  "lease-renewed": "zone",
} as const satisfies Record<string, "node" | "stream" | "zone">;

export type TriggerName = keyof typeof triggers;
export const triggerNames = Object.keys(triggers) as TriggerName[];

export interface Trigger {
  sees: TriggerName;
  /** Where the name is about a node. */
  node?: ServiceNode;
  /** Where it is about a stream. */
  stream?: string;
}
