// A scenario: a zone, the steps it goes through, and the catalogue entries it decides. Plain data; harness/scenario
// executes it. Every scenario starts from a steady zone under load and ends healed, with the facts read back.

import { type FaultSpec, traitsOf } from "./faults.ts";
import type { NodeName, ServiceNode } from "./node.ts";
import type { Step } from "./steps.ts";
import type { ZoneSpec } from "./zone-spec.ts";

/** How a zone's nodes are started: in this order, each so long after the one before; 0 is all at once. */
export interface StartOrder {
  order: NodeName[];
  gapMs: number;
}

export interface ScenarioSpec {
  name: string;
  suite: string;
  /**
   * Catalogue ids this scenario decides; DUAL-0 among them always, and DUR-6 but where more than one node loses its
   * disk.
   */
  entries: string[];
  /** The ids among them whose `provoke` line asks for it: what `--only` selects by. */
  provokes: string[];
  /** It needs the machine: it runs last and with no other zone beside it. */
  isAlone?: boolean;
  /** Where it differs from the reference zone. */
  zone?: Partial<ZoneSpec>;
  /**
   * A second whole zone that exchanges facts and artifacts with this one. Such a pair is used for one scenario only.
   */
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
 * Why a zone is not used again after this scenario although it came back steady; null when it may be. A nats-server
 * that was frozen or kept down may have damage that no inspection shows (docs/decisions/0014-frozen-servers.md).
 */
export function doubtAfter(scenario: ScenarioSpec): string | null {
  const traits = plannedFaults(scenario).map(traitsOf);
  if (traits.some(({ store }) => store === "lost")) return "a node lost its store";
  if (traits.some(({ server }) => server === "silent")) return "a server was frozen or kept down";
  return traits.some(({ store }) => store === "suspect") ? "a replica may be damaged" : null;
}
