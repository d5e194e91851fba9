// Steps and entries that scenarios of several suites share. Data only.

import type { NodeName, ServiceNode } from "../node.ts";
import { mapDraws } from "../scenario.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { LocalStep } from "../steps.ts";

/** Entries that every scenario decides. */
export const always = ["DUAL-0", "DUR-6", "RPC-1", "RPC-2", "RPC-3"];

/** Longer than the 30 s bound, so that a late failover is measured and not cut off. */
export const answerDeadlineMs = 40_000;
export const rejoinDeadlineMs = 60_000;

export const hold = (ms: number): LocalStep => ({ step: "hold", ms });
export const repair = (...nodes: NodeName[]): LocalStep => ({ step: "repair", nodes });
export const inspection: LocalStep = { step: "inspect" };

/** Entries that a scenario decides when it inspects all three nodes: the observer looks in each one anyway. */
const inspectedEntries = ["DUAL-2", "NET-5"];

/** With the entries that its inspections let it decide. */
export function withInspectedEntries(scenario: ScenarioSpec): ScenarioSpec {
  const isInspected = scenario.steps.some((one) => one.step === "inspect" && one.nodes === undefined);
  if (!isInspected) return scenario;
  return { ...scenario, entries: [...new Set([...scenario.entries, ...inspectedEntries])] };
}

/** A failover is timed wherever the scenario provokes one. */
export function withFailoverTime(scenario: ScenarioSpec): ScenarioSpec {
  const movesService = scenario.steps.some((one) => one.step === "provoke" && one.to !== undefined);
  if (!movesService) return scenario;
  return { ...scenario, entries: [...new Set([...scenario.entries, "TIME-1"])] };
}

/** The nodes are inspected once more at the end: a returned node must be a standby by outside evidence. */
export function inspectedAtTheEnd(scenario: ScenarioSpec): ScenarioSpec {
  return mapDraws(scenario, (steps) => [...steps, inspection]);
}

export const awaitAnswer = (node: ServiceNode): LocalStep => ({
  step: "await-answer",
  node,
  deadlineMs: answerDeadlineMs,
});

export const awaitRejoin = (node: NodeName, deadlineMs = rejoinDeadlineMs): LocalStep => ({
  step: "await-rejoin",
  node,
  deadlineMs,
});
