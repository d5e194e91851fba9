// One scenario outside of a plan, with a fake executor.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import type { ScenarioJob } from "#scenario/scenario-job.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import { defaultBounds } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { Environment } from "#zone/environment.ts";
import { runOneScenario } from "./run-one-scenario.ts";

it("runs the scenario as the last on its zone, in a folder of its own, and judges what it saved", async () => {
  const root = mkdtempSync(join(tmpdir(), "triad-one-"));
  try {
    const jobs: ScenarioJob[] = [];
    const scenario = scenarioNamed("failure", "fail-1-kill");
    const folder = join(root, "new");
    const { signal } = new AbortController();
    const findings = await runOneScenario(
      {} as Environment,
      { scenario, folder, seed: 4, zone: defaultZoneSpec, signal },
      async (_, job) => {
        jobs.push(job);
        return { stage: undefined };
      },
    );
    expect(existsSync(folder)).toBe(true);
    expect(jobs).toMatchObject([{ scenario, seed: 4, isLast: true, bounds: defaultBounds }]);
    expect(jobs[0]?.folder).toBe(join(folder, "scenarios", "fail-1-kill-1"));
    expect(findings.map(({ entry, verdict, because }) => [entry, verdict, because])).toEqual(
      scenario.entries.map((entry) => [entry, "unknown", "it left no history"]),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});
