// One scenario on a zone of its own that nothing follows, judged from what it saved. For whoever measures or proves one
// scenario outside of a plan.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "#spec/verdict.ts";
import { defaultBounds } from "#spec/verdict.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { judgeScenario } from "./judge-folder.ts";
import { type PlannedScenario, scenarioFolder } from "./plan.ts";
import { runScenario } from "#scenario/run-scenario.ts";
import type { ScenarioJob } from "#scenario/scenario-job.ts";
import type { Environment } from "#zone/environment.ts";

export interface AloneJob extends Pick<ScenarioJob, "zone" | "seed" | "signal" | "amend"> {
  scenario: ScenarioSpec;
  /** Made when missing; the scenario has its own folder below. */
  folder: string;
}

export async function runAlone(site: Environment, { folder, ...job }: AloneJob): Promise<Finding[]> {
  const { name, suite, entries } = job.scenario;
  const planned: PlannedScenario = { name, suite, repeat: 1, seed: job.seed, entries };
  mkdirSync(folder, { recursive: true });
  await runScenario(site, {
    ...job,
    repeat: 1,
    folder: join(folder, scenarioFolder(planned)),
    bounds: defaultBounds,
    isLast: true,
    report: () => {},
  });
  return judgeScenario(folder, planned).findings;
}
