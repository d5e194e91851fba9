// `triad bench run FOLDER`: compares the wall time of a finished run with its minimum duration. It reads two files and
// needs no Docker.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { HarnessError } from "#base/errors.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import type { RunFacts } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { Answer } from "#api/answers.ts";
import type { BenchmarkOptions } from "#api/run-options.ts";
import { runFile } from "#run/evidence-folder.ts";
import { type Chain, floorOf, minimumDurationMs, zoneReadyMs } from "./minimum-duration.ts";
import { readPlan, type RunPlan } from "#run/plan.ts";

/** @throws HarnessError `usage/not-evidence` when the folder's run did not end; `usage/unknown-scenario` */
export function benchFinishedRun({ folder }: BenchmarkOptions["run"]): Answer {
  const plan = readPlan(folder);
  const path = join(folder, runFile);
  if (!existsSync(path))
    throw new HarnessError("usage/not-evidence", `${folder} has no ${runFile}: the run did not finish`);
  const { wallS } = JSON.parse(readFileSync(path, "utf8")) as RunFacts;
  const base = { ...defaultZoneSpec, tier: plan.tier };
  const chains = chainsOf(plan);
  const { floorMs, longestMs, sumMs } = floorOf(chains, plan.jobs, zoneReadyMs(base));
  const data = {
    scenarios: chains.length,
    zonesAtATime: plan.jobs,
    wallS,
    floorS: seconds(floorMs),
    longestChainS: seconds(longestMs),
    minimumSumS: seconds(sumMs),
    wallPerFloor: Math.round((wallS * 1e5) / floorMs) / 100,
  };
  const summary = [
    `${data.scenarios} scenarios, ${data.zonesAtATime} zones at a time`,
    `wall time                       ${secondsText(wallS)}`,
    `minimum duration of the run     ${secondsText(data.floorS)}   wall time is ${data.wallPerFloor} x the minimum`,
    `longest scenario, minimum       ${secondsText(data.longestChainS)}   ${longestOf(chains)}`,
    `all scenarios, sum of minima    ${secondsText(data.minimumSumS)}`,
  ].join("\n");
  return { summary, data };
}

function chainsOf(plan: RunPlan): Chain[] {
  const base = { ...defaultZoneSpec, tier: plan.tier };
  return plan.scenarios.map(({ name, suite }) => {
    const scenario = scenarioNamed(suite, name);
    const spec = { ...base, ...scenario.zone };
    return {
      name,
      minimumMs: minimumDurationMs(scenario, spec),
      isOwnZone: scenario.start !== undefined || !isDeepStrictEqual(spec, base),
    };
  });
}

function longestOf(chains: readonly Chain[]): string {
  return chains.toSorted((a, b) => b.minimumMs - a.minimumMs)[0]?.name ?? "";
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

function secondsText(s: number): string {
  return `${s.toFixed(1).padStart(8)} s`;
}
