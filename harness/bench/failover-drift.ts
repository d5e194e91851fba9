// `triad bench --drift K`: how far failover times move when 1 to K zones run side by side. Each zone does one failover
// by kill. A measurement of this machine, not a verdict.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshSeed, seeded } from "#base/random.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { Answer, RunContext } from "#api/api.ts";
import { type DriftRow, driftRows, widestWithin } from "./drift.ts";
import { runPool } from "#run/pool.ts";
import { runAlone } from "#run/run-one-scenario.ts";
import { Environment } from "#zone/environment.ts";

export interface DriftOptions {
  /** Zones side by side, at most. */
  drift: number;
  /** Failovers wanted at each width; as many rounds as that takes. */
  samples: number;
  out?: string;
}

const scenarioName = "fail-1-kill";
export const driftMax = 0.05;

export async function benchDrift(options: DriftOptions, { progress, signal }: RunContext): Promise<Answer> {
  const step = progress.step("drift of failover times");
  await using site = await Environment.open((line) => step.update(line));
  const folder = options.out ?? mkdtempSync(join(tmpdir(), "triad-drift-"));
  const random = seeded(freshSeed());
  const timesS = new Map<number, number[]>();
  for (let width = 1; width <= options.drift; width += 1) {
    const times: number[] = [];
    for (let round = 1; times.length < options.samples && round <= options.samples; round += 1) {
      step.update(`${width} zones side by side, round ${round}`);
      const lanes = Array.from({ length: width }, (_, place) => ({ place, seed: random.below(2 ** 31) }));
      const results = await runPool(lanes, width, ({ place, seed }) =>
        failoverS(site, { folder: join(folder, `${width}-${round}-${place + 1}`), seed, signal }),
      );
      // A failover that did not come about, or could not be timed, is no sample; the rows tell how many there were.
      for (const one of results) if (one.status === "fulfilled" && one.value !== undefined) times.push(one.value);
      signal.throwIfAborted();
    }
    timesS.set(width, times);
  }
  const rows = driftRows(timesS);
  step.done();
  return { summary: [...rows.map(lineOf), verdictLine(rows), `evidence: ${folder}`].join("\n"), data: rows };
}

/** Seconds of one failover on a zone of its own, or nothing when it could not be timed. */
async function failoverS(
  site: Environment,
  job: { folder: string; seed: number; signal: AbortSignal },
): Promise<number | undefined> {
  const scenario = scenarioNamed("failure", scenarioName);
  const findings = await runAlone(site, { ...job, scenario, zone: defaultZoneSpec });
  const finding = findings.find((one) => one.entry === "TIME-1");
  const value = finding?.measured["failoverS"];
  return typeof value === "number" ? value : undefined;
}

function lineOf({ width, samples, medianS, rangeS, drift }: DriftRow): string {
  const zones = `${width} ${width === 1 ? "zone " : "zones"}`;
  if (medianS === undefined || rangeS === undefined || drift === undefined)
    return `${zones}  no failover could be timed`;
  const percent = `${drift >= 0 ? "+" : ""}${(drift * 100).toFixed(1)}%`;
  const [least, most] = rangeS.map((value) => value.toFixed(1));
  return `${zones}  median ${medianS.toFixed(2)} s of ${samples} (${least} to ${most})  ${width === 1 ? "" : percent}`.trimEnd();
}

function verdictLine(rows: readonly DriftRow[]): string {
  const widest = widestWithin(rows, driftMax);
  const percent = `${driftMax * 100}%`;
  return widest === undefined
    ? `no width can be compared: a zone alone was not timed`
    : `up to ${widest} side by side drift by at most ${percent}`;
}
