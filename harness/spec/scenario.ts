// A scenario: a zone, the steps it goes through, and the catalogue entries it decides. Plain data; harness/scenario
// executes it. Every scenario starts from a steady zone under load and ends healed, with the facts read back.

import { type FaultSpec, traitsOf } from "./faults.ts";
import type { NodeName, ServiceNode } from "./node.ts";
import type { Step } from "./steps.ts";
import type { ZoneSpec } from "./zone-spec.ts";

/** The nodes start in this order, with this gap between two. A gap of 0 starts all at once. */
export interface StartOrder {
  order: NodeName[];
  gapMs: number;
}

export interface ScenarioSpec {
  name: string;
  suite: string;
  /** Catalogue ids that it decides. Always DUAL-0; and DUR-6 unless more than one node loses its disk. */
  entries: string[];
  /** Those of them whose `provoke` line asks for this scenario. `--only` selects by these. */
  provokes: string[];
  /** It needs the whole machine: it runs last, with no other zone beside it. */
  isAlone?: boolean;
  /** Settings that differ from the reference zone. */
  zone?: Partial<ZoneSpec>;
  /** A second zone exchanges facts and artifacts with this one. The pair is used for one scenario only. */
  peers?: 2;
  /** The cold start is part of the scenario. Its zone is always new, and observed from the first moment. */
  start?: StartOrder;
  /** The monitors run, and their changes are recorded. */
  monitors?: boolean;
  /** Nodes that get a client in their own network namespace, to see what that side still answers. */
  clientsInside?: ServiceNode[];
  steps: Step[];
  /** The steps of its other draws: the same ways, on other nodes. See draw.ts. */
  draws?: Step[][];
  /** Which draw the steps are of; absent where there is one. */
  draw?: number;
}

/** The steps of each draw; one for most scenarios. */
export function drawsOf({ steps, draws = [] }: Pick<ScenarioSpec, "steps" | "draws">): readonly Step[][] {
  return [steps, ...draws];
}

/** Applies a change of steps to every draw. */
export function mapDraws(scenario: ScenarioSpec, change: (steps: Step[]) => Step[]): ScenarioSpec {
  const { steps, draws } = scenario;
  return { ...scenario, steps: change(steps), ...(draws ? { draws: draws.map(change) } : {}) };
}

/** Suite, and name, of the history of a zone that a person worked on. */
export const byHandSuite = "by-hand";

/** Identity of the second zone of a pair. */
export const peerZoneId = "enterprise-bsfg";

/** The load that every scenario runs. */
export const defaultLoad = {
  appendPerS: 60,
  insideAppendPerS: 5,
  callTimeoutMs: 1_000,
  connectTimeoutMs: 300,
} as const;

/** Entries about what the consumers are served (docs/decisions/0024-reads.md). */
const readEntry = "RPC-1";

/** Consumers of the load. Each has a cursor of its own. */
export const consumerNames = ["client-reader-1", "client-reader-2", "client-reader-3"];

/** Each consumer reads all that is appended: one page a second each, for a second of appends and as much again. */
const readsAll = { consumers: consumerNames, pagesPerS: consumerNames.length, pageLimit: 150 };

/** For a load that is too fast to be read as it goes. These cursors are no other scenario's. */
const readsSome = {
  consumers: consumerNames.map((name) => name.replace("reader", "sampler")),
  pagesPerS: 2,
  pageLimit: 10,
  isSample: true,
} as const;

/** Every consumer of this scenario is served every acknowledged fact. */
export function readsEverything({ entries }: Pick<ScenarioSpec, "entries">): boolean {
  return entries.includes(readEntry);
}

/** What the load of the scenario fetches. */
export function readingOf(scenario: Pick<ScenarioSpec, "entries">): typeof readsAll | typeof readsSome {
  return readsEverything(scenario) ? readsAll : readsSome;
}

/** The faults that a scenario injects into its own zone, in order. */
export function plannedFaults({ steps }: { steps: readonly Step[] }): FaultSpec[] {
  return steps.flatMap((step) => (step.step === "provoke" ? step.faults : plannedFaults({ steps: insideOf(step) })));
}

/** The faults that it injects into the peer zone. */
export function plannedPeerFaults({ steps }: { steps: readonly Step[] }): FaultSpec[] {
  return steps.flatMap((step) =>
    step.step === "at-peer" ? plannedFaults(step) : plannedPeerFaults({ steps: insideOf(step) }),
  );
}

/** The steps that a step takes in its own zone, in the order of the plan. */
export function insideOf(step: Step): readonly Step[] {
  switch (step.step) {
    case "parallel":
      return step.branches.flat();
    case "every":
      return Array.from({ length: step.times }, () => step.steps).flat();
    case "when":
      return step.steps;
    default:
      return [];
  }
}

/**
 * Why a zone is not used again although it came back steady; null when it may be used again. A nats-server that was
 * frozen or kept down may have damage that no inspection shows (docs/decisions/0014-frozen-servers.md).
 */
export function doubtAfter(scenario: ScenarioSpec): string | null {
  const traits = plannedFaults(scenario).map(traitsOf);
  if (traits.some(({ store }) => store === "lost")) return "a node lost its store";
  if (scenario.steps.some(({ step }) => step === "renew-certificate")) return "its certificates were renewed";
  if (traits.some(({ server }) => server === "silent")) return "a server was frozen or kept down";
  return traits.some(({ store }) => store === "suspect") ? "a replica may be damaged" : null;
}
