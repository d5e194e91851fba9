// The format of a history: its header, and the union of its events. Each event is one line, stamped with
// CLOCK_MONOTONIC nanoseconds by the program that saw it. Types only. A reader sorts by `t`; equal stamps keep their
// order in the file.

import type { TestedController } from "#spec/controller-image.ts";
import type { FaultSpec } from "#spec/faults.ts";
import type { JudgedNode } from "#spec/contract/node-contract.ts";
import type { NodeName } from "#spec/node.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { FaultEvent } from "./events/fault.ts";
import type { GatesEvent, InspectionEvent, ServerEvent } from "./events/inspection.ts";
import type { MarkEvent } from "./events/mark.ts";
import type {
  AttemptEvent,
  BindEvent,
  CaptureEvent,
  HandshakeEvent,
  HelloEvent,
  FlowsEvent,
  VrrpEvent,
} from "./events/network.ts";
import type { LookEvent, MonitorEvent, NodeEvent, ObservedEvent } from "./events/observation.ts";
import type { OlderEvent, OperationEvent, StoredEvent } from "./events/operation.ts";
import type {
  FilesEvent,
  QuorumEvent,
  ReplicaDumpEvent,
  SearchEvent,
  StreamEvent,
  TextsEvent,
} from "./events/store.ts";

export type * from "./events/fault.ts";
export type * from "./events/inspection.ts";
export type * from "./events/mark.ts";
export type * from "./events/network.ts";
export type * from "./events/observation.ts";
export type * from "./events/operation.ts";
export type * from "./events/store.ts";

export const historyFormat = "triad-history/2";

/** First line of a history: what was planned, before anything ran. */
export interface HistoryHeader {
  format: typeof historyFormat;
  suite: string;
  scenario: string;
  repeat: number;
  seed: number;
  /** Entries this scenario was planned to decide. */
  entries: string[];
  /** Which node got which way; absent for a scenario with one draw. */
  draw?: number;
  /** Faults in planned order; what ran must equal it. */
  plannedFaults: PlannedFault[];
  /** Facts of the zone that a checker needs. */
  zone: {
    vip: string;
    rpcPort: number;
    nodes: Record<NodeName, NodeIdentity>;
    spec: Partial<ZoneSpec>;
  };
  /** The peer zone of a pair. Its events are wrapped in `peer` events. */
  peer?: Pick<HistoryHeader, "zone" | "plannedFaults">;
  /** A person worked on this zone. Nothing was planned: what was done stands in the place of a plan. */
  byHand?: true;
  bounds: Record<string, number>;
  /**
   * Kinds of evidence that the harness collects. A rule asks for one only where it is named. Older histories name none.
   */
  evidence?: readonly EvidenceKind[];
  /** The zones ran this controller, in an OCI container, instead of the reference one. */
  controller?: TestedController;
  /** What the nodes are like, where they are not the reference node. */
  node?: JudgedNode;
}

/**
 * `store-settings`: every setting of streams and consumers, and the store's folder. `programs`: program files and open
 * folders in inspections. `older-facts`: what the zone held before the scenario, read at both ends.
 * `adverts-while-forged`: the nodes' own VRRP adverts while others are forged. `own-binds`:
 * a bind to an address that the node has, before each one that must fail. `both-renewed`: after a rotation, both nodes
 * show clients their certificate.
 */
export type EvidenceKind =
  | "store-settings"
  | "programs"
  | "older-facts"
  | "adverts-while-forged"
  | "own-binds"
  | "both-renewed";
export const evidenceKinds: readonly EvidenceKind[] = [
  "store-settings",
  "programs",
  "older-facts",
  "adverts-while-forged",
  "own-binds",
  "both-renewed",
];

export interface PlannedFault {
  fault: string;
  nodes: NodeName[];
  /** Everything that was planned of it. Older histories lack it. */
  spec?: FaultSpec;
}

/** A node's own addresses, by segment, and the fingerprint of its server certificate. */
export interface NodeIdentity {
  zoneAddress: string;
  controlAddress?: string;
  peerAddress?: string;
  certificate?: string;
}

/** An event of the peer zone. */
export interface PeerEvent {
  t: number;
  type: "peer";
  event: Exclude<HistoryEvent, PeerEvent>;
}

/** The harness itself failed during the scenario. Every verdict of the scenario becomes unknown. */
export interface TroubleEvent {
  t: number;
  type: "trouble";
  code: string;
  message: string;
}

export type HistoryEvent =
  | OperationEvent
  | ObservedEvent
  | LookEvent
  | FaultEvent
  | NodeEvent
  | MarkEvent
  | StoredEvent
  | OlderEvent
  | StreamEvent
  | ReplicaDumpEvent
  | TextsEvent
  | QuorumEvent
  | VrrpEvent
  | GatesEvent
  | CaptureEvent
  | InspectionEvent
  | ServerEvent
  | BindEvent
  | AttemptEvent
  | HandshakeEvent
  | HelloEvent
  | FilesEvent
  | SearchEvent
  | MonitorEvent
  | FlowsEvent
  | PeerEvent
  | TroubleEvent;

/** Events by index, in order of time; an array is one. */
export interface Events extends Iterable<HistoryEvent> {
  readonly length: number;
  at(index: number): HistoryEvent | undefined;
}

/** An event with its index in the history. */
export interface At<T extends HistoryEvent> {
  event: T;
  index: number;
}

export interface History {
  header: HistoryHeader;
  /** Sorted by `t`. */
  events: Events;
}
