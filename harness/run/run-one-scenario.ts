// Runs one scenario outside of a plan, on a zone of its own, and judges what it saved. For benches and `triad prove`.

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

export interface OneScenarioJob extends Pick<ScenarioJob, "zone" | "seed" | "signal" | "amend"> {
  scenario: ScenarioSpec;
  /** Created when missing. The scenario has its own folder in it. */
  folder: string;
}

export async function runOneScenario(
  environment: Environment,
  { folder, ...job }: OneScenarioJob,
  run = runScenario,
): Promise<Finding[]> {
  const { name, suite, entries } = job.scenario;
  const planned: PlannedScenario = { name, suite, repeat: 1, seed: job.seed, entries };
  mkdirSync(folder, { recursive: true });
  await run(environment, {
    ...job,
    repeat: 1,
    folder: join(folder, scenarioFolder(planned)),
    bounds: defaultBounds,
    isLast: true,
    report: () => {},
  });
  return judgeScenario(folder, planned).findings;
}
