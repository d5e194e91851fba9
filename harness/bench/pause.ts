// `triad bench pause NODES`: how long a zone acknowledges nothing when a node is frozen for some seconds and thawed. A
// frozen gamma shows what nats-server alone does, because gamma has no other program of the service.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defined } from "#base/defined.ts";
import { freshSeed } from "#base/random.ts";
import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { BenchmarkOptions } from "#api/run-options.ts";
import { historyFile, readHistory } from "#history/read-history.ts";
import { scenarioFolder } from "#run/plan.ts";
import { runOneScenario } from "#run/run-one-scenario.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { hold, repair } from "#spec/scenarios/parts.ts";
import type { LocalStep } from "#spec/steps.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { Environment } from "#zone/environment.ts";
import { type PauseRow, pauseRows, watchedMs } from "./pause-rows.ts";

/** Shorter silences are calls on their way. */
const silenceS = 1;

/** The nodes are frozen in turn. */
function scenarioOf({ nodes, seconds, samples }: BenchmarkOptions["pause"]): ScenarioSpec {
  const steps = Array.from({ length: samples }, (_, place): LocalStep[] => {
    const node = nodes[place % nodes.length]!;
    const freeze: LocalStep = { step: "provoke", faults: [{ fault: "pause", node }] };
    return [freeze, hold(seconds * 1_000), repair(node), hold(watchedMs)];
  });
  const entries = ["DUAL-0", "DUR-6"];
  return { name: "bench-pause", suite: "failure", entries, provokes: entries, steps: steps.flat() };
}

export async function benchPause(
  options: BenchmarkOptions["pause"],
  { progress, signal }: RunContext,
): Promise<Answer> {
  const step = progress.step("pauses");
  const { natsServer, out, samples, seconds } = options;
  await using environment = await Environment.open((line) => step.update(line), defined({ natsServer }));
  const folder = out ?? mkdtempSync(join(tmpdir(), "triad-pause-"));
  const scenario = scenarioOf(options);
  step.update(`${samples} pauses of ${seconds} s`);
  const seed = freshSeed();
  const findings = await runOneScenario(environment, { scenario, folder, seed, signal, zone: defaultZoneSpec });
  const planned = { ...scenario, repeat: 1, seed };
  const rows = pauseRows(readHistory(join(folder, scenarioFolder(planned), historyFile)));
  step.done();
  const version = environment.versions["nats-server"];
  const verdicts = findings.map(({ entry, verdict }) => `${entry} ${verdict}`).join(", ");
  return {
    summary: [...rows.map(lineOf), summaryOf(rows, version), verdicts, `evidence: ${folder}`].join("\n"),
    data: { natsServer: version, rows },
  };
}

function lineOf({ node, served, pausedS, silenceS: wholeS, afterThawS }: PauseRow): string {
  const what = served ? "which served" : "which did not serve";
  const figures = `silent for ${wholeS.toFixed(1)} s, ${afterThawS.toFixed(1)} s of it after the thaw`;
  return `${node}, ${what}, frozen for ${pausedS.toFixed(1)} s: ${figures}`;
}

function summaryOf(rows: readonly PauseRow[], version: string | undefined): string {
  const silent = rows.filter(({ afterThawS }) => afterThawS > silenceS);
  const longestS = Math.max(0, ...rows.map((one) => one.silenceS));
  return `nats-server ${version}: ${silent.length} of ${rows.length} thaws were followed by more than ${silenceS} s without an acknowledged fact; longest silence ${longestS.toFixed(1)} s`;
}
