// `triad bench --evidence FOLDER`: the wall time of a run beside what its scenarios oblige one to wait. Reads two
// files; no Docker.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { HarnessError } from "#base/errors.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import type { RunFacts } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { Answer } from "#api/api.ts";
import { runFile } from "#run/gate.ts";
import { type Chain, floorOf, obligedWaitMs, zoneReadyMs } from "./minimum-duration.ts";
import { readPlan, type RunPlan } from "#run/plan.ts";

/** @throws HarnessError `usage/not-evidence` when the folder's run did not end; `usage/unknown-scenario` */
export function benchWaits(folder: string): Answer {
  const plan = readPlan(folder);
  const path = join(folder, runFile);
  if (!existsSync(path))
    throw new HarnessError("usage/not-evidence", `${folder} holds no ${runFile}: its run did not end`);
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
    obligedS: seconds(sumMs),
    wallPerFloor: Math.round((wallS * 1e5) / floorMs) / 100,
  };
  const summary = [
    `${data.scenarios} scenarios, ${data.zonesAtATime} zones at a time`,
    `wall time                      ${seconds1(wallS)}`,
    `floor, obliged waits packed    ${seconds1(data.floorS)}   wall is ${data.wallPerFloor} x it`,
    `longest chain of a scenario    ${seconds1(data.longestChainS)}   ${longestOf(chains)}`,
    `obliged waits, all scenarios   ${seconds1(data.obligedS)}`,
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
      waitMs: obligedWaitMs(scenario, spec),
      isOwnZone: scenario.start !== undefined || !isDeepStrictEqual(spec, base),
    };
  });
}

function longestOf(chains: readonly Chain[]): string {
  return chains.toSorted((a, b) => b.waitMs - a.waitMs)[0]?.name ?? "";
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

function seconds1(s: number): string {
  return `${s.toFixed(1).padStart(8)} s`;
}
