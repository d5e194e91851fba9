// A job whose scenario does nothing. For unit tests.

import type { ScenarioSpec } from "#spec/scenario.ts";
import { defaultBounds } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { ScenarioJob } from "../scenario-job.ts";

type Differs = Partial<Omit<ScenarioJob, "scenario">> & { scenario?: Partial<ScenarioSpec> };

export function fakeJob({ scenario, ...differs }: Differs = {}): ScenarioJob {
  return {
    scenario: { name: "quiet", suite: "network", entries: ["DUAL-0"], provokes: [], steps: [], ...scenario },
    repeat: 1,
    seed: 7,
    folder: "",
    zone: defaultZoneSpec,
    bounds: defaultBounds,
    isLast: false,
    signal: new AbortController().signal,
    report: () => {},
    ...differs,
  };
}
