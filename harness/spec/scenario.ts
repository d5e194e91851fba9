// A scenario: a zone, what is done to it step by step, and the catalogue entries it decides. Plain data; harness/run
// carries it out. Every scenario starts from a steady zone under load and ends healed, with the facts read back.

import type { FaultSpec } from "./fault-spec.ts";
import type { MonitorName, MonitorState } from "./monitor.ts";
import type { NodeName, Segment, ServiceNode } from "./node.ts";
import type { ZoneSpec } from "./zone-spec.ts";

export type Step =
  /** Injects the faults one after the other, without waiting in between; `to` says that the VIP must move. */
  | { step: "provoke"; faults: FaultSpec[]; to?: ServiceNode }
  /** Waits until `node` answers an AppendFact. */
  | { step: "await-answer"; node: ServiceNode; deadlineMs: number }
  /** Lets time pass: long enough for whatever must not happen to have happened. */
  | { step: "hold"; ms: number }
  /** Asks `node`'s server for an acknowledged write. */
  | { step: "probe-quorum"; node: NodeName }
  /** Reads every fact back now, while something is broken, from a server that runs. */
  | { step: "read-back" }
  /** Writes down what a node's gates say. */
  | { step: "read-gates"; node: ServiceNode }
  /** Looks at every node that is up, or at these of them: processes, sockets, addresses, mounts, and its server. */
  | { step: "survey"; nodes?: NodeName[] }
  /** Looks for VRRP in these places from now on, until "end-capture". The client host has no leg on the control segment. */
  | { step: "capture"; at: { host: NodeName | "client"; segment: Segment }[] }
  | { step: "end-capture" }
  /** Tries to connect to these ports of every other node, from each of these hosts. */
  | { step: "attempt"; from: (NodeName | "client")[]; ports: number[] }
  /** Puts, or asks for, the artifact `name` through the VIP. */
  | { step: "put-artifact" | "get-artifact"; name: string }
  /** Lists the artifacts that lie on these nodes, those that are up. */
  | { step: "files"; nodes: NodeName[] }
  /** Searches the artifact storage and the message store of every node that is up for the content of `name`. */
  | { step: "search"; name: string }
  /** Waits until each of these monitors has that state; needs `monitors`. */
  | { step: "await-monitors"; monitors: MonitorName[]; state: MonitorState; deadlineMs: number }
  /** Takes the faults of these nodes back. */
  | { step: "repair"; nodes: NodeName[] }
  /** Waits until a repaired node is a member again: standby where it serves, replicas current. */
  | { step: "await-rejoin"; node: NodeName; deadlineMs: number };

export interface ScenarioSpec {
  name: string;
  suite: string;
  /** Catalogue ids this scenario decides; DUAL-0 and DUR-6 among them always. */
  entries: string[];
  /** The ids among them whose `provoke` line asks for it: what `--only` selects by. */
  provokes: string[];
  /** Where it differs from the reference zone. */
  zone?: Partial<ZoneSpec>;
  /** Monitors run throughout and their changes are written down. */
  monitors?: boolean;
  /** Nodes that also get a client inside, to see what is answered on that side. */
  clientsInside?: ServiceNode[];
  steps: Step[];
}

/** Load that every scenario runs throughout. */
export const defaultLoad = {
  appendPerS: 60,
  fetchPerS: 2,
  insideAppendPerS: 5,
  callTimeoutMs: 1_000,
  connectTimeoutMs: 300,
} as const;

/** Faults in the order in which a scenario injects them. */
export function plannedFaults(scenario: ScenarioSpec): FaultSpec[] {
  return scenario.steps.flatMap((step) => (step.step === "provoke" ? step.faults : []));
}
