// The scenario that a plan names, and the zone that it runs on.

import { scenarioNamed } from "#spec/scenarios/index.ts";
import { withDraw } from "#spec/draw.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedScenario, RunPlan } from "./plan.ts";
import { replayedScenario } from "./replay/replayed-file.ts";

type Named = Pick<PlannedScenario, "suite" | "name" | "seed" | "draw" | "file">;

export function scenarioOf(planned: Named): ScenarioSpec {
  const { suite, name, draw, file } = planned;
  if (file) return replayedScenario(planned, file);
  const scenario = scenarioNamed(suite, name);
  return draw === undefined ? scenario : withDraw(scenario, draw);
}

export function zoneOf(planned: PlannedScenario, { tier, stores }: Pick<RunPlan, "tier" | "stores">): ZoneSpec {
  const spec = { ...defaultZoneSpec, tier, ...scenarioOf(planned).zone };
  return stores && spec.stores !== "folder" ? { ...spec, stores } : spec;
}

/** It needs two zones, which are used once. */
export function isOfPair(planned: PlannedScenario): boolean {
  return scenarioOf(planned).peers === 2;
}
