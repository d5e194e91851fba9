// What the observer is asked. Types only.

import type { NodeName } from "#spec/node.ts";
import type { Command } from "./command.ts";

/** Sample these nodes from now on. A node that is missing in `pids` is down. Replaces the previous set. */
export interface WatchRequest {
  vip: string;
  rpcPort: number;
  pids: Partial<Record<NodeName, number>>;
  /** Target time between two samples. */
  intervalMs: number;
}

export interface ObserverCommands {
  watch: Command<"observe", WatchRequest, { watching: NodeName[] }>;
}
