// `triad bench parallel N`: how failover times change when 1 to N zones run at a time. Each zone does one failover
// after a kill.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshSeed, seeded } from "#base/random.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { BenchmarkOptions } from "#api/run-options.ts";
import { type DriftRow, driftRows, widestWithin } from "./drift.ts";
import { runPool } from "#run/pool.ts";
import { runOneScenario } from "#run/run-one-scenario.ts";
import { Environment } from "#zone/environment.ts";

const scenarioName = "fail-1-kill";
/** A change of the median up to this share counts as none. */
const driftMax = 0.05;

export async function benchParallelZones(
  options: BenchmarkOptions["parallel"],
  { progress, signal }: RunContext,
): Promise<Answer> {
  const step = progress.step("failover times");
  await using environment = await Environment.open((line) => step.update(line));
  const folder = options.out ?? mkdtempSync(join(tmpdir(), "triad-drift-"));
  const random = seeded(freshSeed());
  const timesS = new Map<number, number[]>();
  for (let width = 1; width <= options.zones; width += 1) {
    const times: number[] = [];
    for (let round = 1; times.length < options.samples && round <= options.samples; round += 1) {
      step.update(`${width} zones at a time, round ${round}`);
      const lanes = Array.from({ length: width }, (_, place) => ({ place, seed: random.below(2 ** 31) }));
      const results = await runPool(lanes, width, ({ place, seed }) =>
        failoverS(environment, { folder: join(folder, `${width}-${round}-${place + 1}`), seed, signal }),
      );
      // A failover that did not happen or could not be timed is not a sample. The rows say how many samples there are.
      for (const one of results) if (one.status === "fulfilled" && one.value !== undefined) times.push(one.value);
      signal.throwIfAborted();
    }
    timesS.set(width, times);
  }
  const rows = driftRows(timesS);
  step.done();
  return { summary: [...rows.map(lineOf), conclusion(rows), `evidence: ${folder}`].join("\n"), data: rows };
}

/** Seconds of one failover on its own zone; undefined when it could not be timed. */
async function failoverS(
  environment: Environment,
  job: { folder: string; seed: number; signal: AbortSignal },
): Promise<number | undefined> {
  const scenario = scenarioNamed("failure", scenarioName);
  const findings = await runOneScenario(environment, { ...job, scenario, zone: defaultZoneSpec });
  const finding = findings.find((one) => one.entry === "TIME-1");
  return finding?.measured.failoverS ?? undefined;
}

function lineOf({ width, samples, medianS, rangeS, drift }: DriftRow): string {
  const zones = `${width} ${width === 1 ? "zone " : "zones"}`;
  if (medianS === undefined || rangeS === undefined || drift === undefined)
    return `${zones}  no failover could be timed`;
  const percent = `${drift >= 0 ? "+" : ""}${(drift * 100).toFixed(1)}%`;
  const [least, most] = rangeS.map((value) => value.toFixed(1));
  return `${zones}  median ${medianS.toFixed(2)} s of ${samples} (${least} to ${most})  ${width === 1 ? "" : percent}`.trimEnd();
}

function conclusion(rows: readonly DriftRow[]): string {
  const widest = widestWithin(rows, driftMax);
  const percent = `${driftMax * 100}%`;
  return widest === undefined
    ? "nothing to compare: a single zone was not timed"
    : `up to ${widest} zones at a time change the median by at most ${percent}`;
}
