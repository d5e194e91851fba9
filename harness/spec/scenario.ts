// A scenario: a zone, what is done to it step by step, and the catalogue entries it decides. Plain data; harness/run
// carries it out. Every scenario starts from a steady zone under load and ends healed, with the facts read back.

import { type FaultSpec, traitsOf } from "./faults.ts";
import type { MonitorName, MonitorState } from "./monitor.ts";
import type { NodeName, Segment, ServiceNode } from "./node.ts";
import type { ZoneSpec } from "./zone-spec.ts";

export type Step =
  /** Injects the faults one after the other, without waiting in between; `to` says that the VIP must move. */
  | { step: "provoke"; faults: FaultSpec[]; to?: ServiceNode }
  /** Waits until `node`, or whoever serves, answers an AppendFact. */
  | { step: "await-answer"; node?: ServiceNode; deadlineMs: number }
  /** Lets time pass: long enough for whatever must not happen to have happened. */
  | { step: "hold"; ms: number }
  /** Asks `node`'s server for an acknowledged write. */
  | { step: "probe-quorum"; node: NodeName }
  /** Reads every fact back now, while something is broken, from a server that runs. */
  | { step: "read-back" }
  /** Makes each node the leader of the facts in turn and reads them all back from it. */
  | { step: "read-each-replica" }
  /** Writes down what a node's gates say. */
  | { step: "read-gates"; node: ServiceNode }
  /** Looks at every node that is up, or at these of them: processes, sockets, addresses, mounts, and its server. */
  | { step: "inspect"; nodes?: NodeName[] }
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
  /** Starts the controller the way an operator would, and watches for `ms` which controller processes come of it. */
  | { step: "start-by-hand"; node: ServiceNode; ms: number }
  /** Waits until the node owns the VIP, or does not. */
  | { step: "await-vip"; node: ServiceNode; isOwned: boolean; deadlineMs: number }
  /** Tries to bind the RPC port on the VIP inside the node's network namespace, as any program there could. */
  | { step: "try-bind"; node: ServiceNode }
  /** Tries the handshakes of the matrix from the client host; see harness/scenario/steps/handshakes.ts. */
  | { step: "handshakes"; rows: "all" | "certificates" }
  /** Gives the node its next server certificate; what runs goes on with the old one until it is restarted. */
  | { step: "renew-certificate"; node: ServiceNode }
  /** The load goes on at this rate, or with so many calls at a time, each followed by the next. */
  | { step: "pace"; appendPerS: number }
  | { step: "pace"; inFlight: number }
  /** What these nodes' file systems hold, all nodes' unless named, goes to their disks: as if a flush interval had just ended. */
  | { step: "flush"; nodes?: NodeName[] }
  /** Writes down how often the disk of each node's messages was written and flushed so far, by the kernel's own counters. */
  | { step: "count-disks" }
  /** Waits until each of these monitors has that state; needs `monitors`. */
  | { step: "await-monitors"; monitors: MonitorName[]; state: MonitorState; deadlineMs: number }
  /** Gives the audit stream bulk, and a durable consumer of it that has come part of the way. */
  | { step: "fill"; bytes: number }
  /** Waits until every stream is current on the node again, and writes down how much had to move. */
  | { step: "await-current"; node: NodeName; deadlineMs: number }
  /** Writes down what each replica of each of these streams holds. */
  | { step: "dump-replicas"; label: string; streams: string[] }
  /** No client calls from here to "resume-load": what is acknowledged after a snapshot is not in it. */
  | { step: "pause-load" | "resume-load" }
  /** Takes a snapshot beside the history, or puts that one into the zone, which must be empty. */
  | { step: "snapshot" | "restore" }
  /** Searches what the project and its nodes say for a claim of recovery to any instant. */
  | { step: "read-texts" }
  /** Takes the faults of these nodes back. */
  | { step: "repair"; nodes: NodeName[] }
  /** Waits until a repaired node is a member again: standby where it serves, replicas current. */
  | { step: "await-rejoin"; node: NodeName; deadlineMs: number }
  /** Appends a fact that names the artifact `name`, so that the peer zone knows of it. */
  | { step: "refer-artifact"; name: string }
  /** Waits until each zone holds a copy of the other's artifact `name`; needs `peers`. */
  | { step: "await-copies"; name: string }
  /** Takes these steps in the peer zone; needs `peers`. Several zones' steps are never taken at once. */
  | { step: "at-peer"; steps: LocalStep[] };

/** A step that concerns one zone. */
export type LocalStep = Exclude<Step, { step: "at-peer" }>;

/** How a zone's nodes are started: in this order, each so long after the one before; 0 is all at once. */
export interface StartOrder {
  order: NodeName[];
  gapMs: number;
}

export interface ScenarioSpec {
  name: string;
  suite: string;
  /** Catalogue ids this scenario decides; DUAL-0 among them always, and DUR-6 but where more than one node loses its disk. */
  entries: string[];
  /** The ids among them whose `provoke` line asks for it: what `--only` selects by. */
  provokes: string[];
  /** It needs the machine: it runs last and with no other zone beside it. */
  isAlone?: boolean;
  /** Where it differs from the reference zone. */
  zone?: Partial<ZoneSpec>;
  /** A second whole zone that exchanges facts and artifacts with this one. Such a pair is used for one scenario only. */
  peers?: 2;
  /** A cold start that is part of the scenario: its zone is always a new one, looked at from its very first moment. */
  start?: StartOrder;
  /** Monitors run throughout and their changes are written down. */
  monitors?: boolean;
  /** Nodes that also get a client inside, to see what is answered on that side. */
  clientsInside?: ServiceNode[];
  steps: Step[];
}

/** Identity of the second zone of a pair. */
export const peerZoneId = "enterprise-bsfg";

/** Load that every scenario runs throughout. */
export const defaultLoad = {
  appendPerS: 60,
  fetchPerS: 2,
  insideAppendPerS: 5,
  callTimeoutMs: 1_000,
  connectTimeoutMs: 300,
} as const;

/** Faults in the order in which a scenario injects them into its own zone. */
export function plannedFaults({ steps }: { steps: readonly Step[] }): FaultSpec[] {
  return steps.flatMap((step) => (step.step === "provoke" ? step.faults : []));
}

/** Those in the peer zone. */
export function plannedPeerFaults({ steps }: { steps: readonly Step[] }): FaultSpec[] {
  return steps.flatMap((step) => (step.step === "at-peer" ? plannedFaults(step) : []));
}

/**
 * Why a zone is not used again after this scenario although it came back steady; null when it may be. A nats-server that was
 * frozen or kept down may have damage that no inspection shows (docs/decisions/0014-frozen-servers.md).
 */
export function doubtAfter(scenario: ScenarioSpec): string | null {
  const traits = plannedFaults(scenario).map(traitsOf);
  if (traits.some(({ store }) => store === "lost")) return "a node lost its store";
  if (traits.some(({ server }) => server === "silent")) return "a server was frozen or kept down";
  return traits.some(({ store }) => store === "suspect") ? "a replica may be damaged" : null;
}
