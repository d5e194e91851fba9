// What a zone that a person worked on cannot decide. An entry needs the faults and the steps of a scenario that decides
// it. Where they did not happen, its rule would read what is not there.

import type { MarkEvent } from "#history/event.ts";
import type { FaultLife, HistoryView } from "#history/view.ts";
import { describeFault, type FaultSpec, nodesOf, traitsOf } from "#spec/faults.ts";
import { plannedFaults, type ScenarioSpec } from "#spec/scenario.ts";
import { suites } from "#spec/scenarios/index.ts";
import { always } from "#spec/scenarios/parts.ts";
import type { StepName } from "#spec/steps.ts";
import { marksOf } from "../queries/history-queries.ts";

/** The recorder looks into the nodes before it closes a history. Every scenario that does decides these. */
const inspected = ["DUAL-2", "NET-5"];

/** Steps that a person does with time and with `triad heal`, and that the recorder does when it closes a history. */
const byHandSteps: ReadonlySet<StepName> = new Set<StepName>([
  "provoke",
  "repair",
  "hold",
  "inspect",
  "await-answer",
  "await-rejoin",
  "await-vip",
]);

/**
 * Why a history by hand does not decide an entry; undefined when it may. A violation that was seen counts all the same
 * for entries that are asked everywhere.
 */
export function whyUndecided(entry: string, view: HistoryView): string | undefined {
  if (entry === "DUR-6" && lostDisks(view) > 1) return "more than one node lost its disk";
  if (always.includes(entry) || inspected.includes(entry)) return undefined;
  if (entry === "TIME-1")
    return marksOf(view, "provoked").some(({ event }) => event.detail.expectsFailover)
      ? undefined
      : "nothing was done that the other service node must take over from";
  const candidates = all().filter((one) => one.entries.includes(entry));
  if (candidates.length === 0) return "no scenario decides it";
  const reasons = candidates.map((one) => whyNotLike(one, view)).sort((a, b) => a.distance - b.distance);
  return reasons[0]!.why;
}

interface Unlike {
  /** The smaller, the nearer: the reason of the nearest scenario is the one that helps. */
  distance: number;
  why: string | undefined;
}

function whyNotLike(scenario: ScenarioSpec, view: HistoryView): Unlike {
  const { start, peers, monitors, clientsInside, steps, zone } = scenario;
  const special = [
    start && "a cold start that is watched from before it",
    peers && "a second zone",
    monitors && "its monitors in the history",
    clientsInside && "a client inside a node",
    ...[...new Set(steps.map(({ step }) => step))]
      .filter((step) => !byHandSteps.has(step))
      .map((step) => `the step "${step}"`),
    ...zoneNeeds(zone, view),
  ].filter((one): one is string => typeof one === "string");
  const draws = [steps, ...(scenario.draws ?? [])].map((one) => plannedFaults({ steps: one }));
  if (!draws.some((faults) => areAlike(view.faults, faults))) {
    const needed = draws[0]!;
    if (needed.length === 0) return { distance: 200 + special.length, why: "it needs a zone without a fault" };
    const words = needed.map((one) => describeFault(one)).join(", then ");
    return {
      distance: 100 + 10 * Math.abs(needed.length - view.faults.length) + special.length,
      why: `it needs: ${words}, and nothing else`,
    };
  }
  if (special.length > 0)
    return { distance: 10 + special.length, why: `it needs ${special.join(", ")}, which no command does by hand` };
  const standing = view.faults.find(({ phases }) => !phases.healed);
  if (standing) return { distance: 1, why: `${standing.spec.words ?? standing.fault} is not undone: ./triad heal` };
  return { distance: 0, why: undefined };
}

/** Settings in which the scenario's zone differs from the one that is up. */
function zoneNeeds(zone: ScenarioSpec["zone"], view: HistoryView): string[] {
  const own = view.history.header.zone.spec as Record<string, unknown>;
  return Object.entries(zone ?? {})
    .filter(([name, value]) => JSON.stringify(own[name]) !== JSON.stringify(value))
    .map(([name, value]) => `a zone with ${name} ${JSON.stringify(value)}`);
}

/** The same nodes in the same order, each by a fault that does the same to its node. */
function areAlike(done: readonly FaultLife[], planned: readonly FaultSpec[]): boolean {
  return (
    done.length === planned.length &&
    done.every((life, place) => {
      const plan = planned[place]!;
      const isSameTarget = (life.spec.process ?? life.spec.service) === targetOf(plan);
      return (
        isSameTarget &&
        JSON.stringify(life.nodes) === JSON.stringify(nodesOf(plan)) &&
        JSON.stringify(life.traits) === JSON.stringify(traitsOf(plan))
      );
    })
  );
}

function targetOf(spec: FaultSpec): string | undefined {
  return "process" in spec ? spec.process : "service" in spec ? spec.service : undefined;
}

function lostDisks(view: HistoryView): number {
  const lost = view.faults.filter(({ traits }) => traits.store !== "kept").flatMap(({ nodes }) => nodes);
  return new Set(lost).size;
}

function all(): ScenarioSpec[] {
  return [...new Set(Object.values(suites).flat())];
}

/** The first program that a person ran inside a node. What it changed is not known. */
export function firstProgram(view: HistoryView): MarkEvent<"by-hand"> | undefined {
  return marksOf(view, "by-hand").find(({ event }) => event.detail.node !== undefined)?.event;
}
