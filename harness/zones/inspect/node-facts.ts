// What was found out about the nodes of a zone that has just started. Plain data, for contract-points.ts.

import type { InspectionEvent, ServerEvent, StreamEvent } from "#history/event.ts";
import type { HealthSample } from "#protocol/commands/monitor.ts";
import type { NodeName } from "#spec/node.ts";

export interface NodeFacts {
  isUp: boolean;
  /** How its container ended, with the end of its log. */
  why?: string;
  inspection?: InspectionEvent;
  server?: ServerEvent;
  /** `running`, `degraded`, … as systemctl says; absent where PID 1 is no systemd. */
  systemd?: string;
  failedUnits: string[];
  /** Files and folders of the profile that the running node does not have. */
  absent: string[];
  /** First words of operator commands that the node does not have. */
  absentCommands: string[];
  /** Outcome of a write into artifact storage; absent on gamma. */
  artifactWrite?: string;
  /** The word in the role file. */
  role?: string;
  /** The gates that the node gives, or why none could be read. */
  gates?: GateFact[] | string;
}

export interface GateFact {
  /** The node's own name of it. */
  name: string;
  isOpen: boolean;
  why: string;
}

export interface ZoneFacts {
  nodes: Record<NodeName, NodeFacts>;
  streams: StreamEvent[];
  health: HealthSample;
  /** Appends of a short load: how many were answered with OK, of how many. */
  appends: { ok: number; of: number };
  /** Message ids of stored facts. */
  storedIds: string[];
}
