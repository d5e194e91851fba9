// Executes every scenario of a plan, several zones side by side, whatever suite a scenario belongs to. It leaves
// histories and findings in the run's folder. The claims in Jest and the verdicts of the gate are made from those.

import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defined } from "#base/defined.ts";
import { judge } from "#checkers/judge.ts";
import { historyFile, readHistory } from "#history/read-history.ts";
import { runScenario } from "#scenario/run-scenario.ts";
import type { OpenGuide } from "#scenario/scenario-job.ts";
import type { Stage } from "#scenario/stage.ts";
import type { Environment } from "#zone/environment.ts";
import type { StartedZone } from "#zone/zone.ts";
import { letStand } from "#zones/kept-zones.ts";
import { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import { JudgeClient, type ScenarioJudge } from "./judge-client.ts";
import { type LaneParts, runLane } from "./lane.ts";
import { inOrder } from "./longest-first.ts";
import { findingsFile, type PlannedScenario, type RunPlan, scenarioFolder } from "./plan.ts";
import { scenarioOf, zoneOf } from "./planned-zone.ts";
import { runPool } from "./pool.ts";

/** One change in a run, for a progress display. */
export type RunUpdate =
  | { kind: "environment"; line: string }
  | { kind: "scenario"; name: string; repeat: number; phase: string }
  | { kind: "thrown-away"; name: string; repeat: number; why: string }
  | { kind: "stands"; name: string; repeat: number; zone: string }
  | { kind: "judged"; name: string; repeat: number; verdicts: Record<string, string> };

/** One line for each zone that was not used again, and why. */
const thrownAwayFile = "zones-thrown-away.txt";

export interface ExecuteOptions {
  plan: RunPlan;
  folder: string;
  signal: AbortSignal;
  onUpdate: (update: RunUpdate) => void;
  /** Stands between the steps of each scenario. */
  openGuide?: OpenGuide;
}

/** What executes and judges a scenario. */
interface Executors {
  runScenario: typeof runScenario;
  openJudge: (folder: string) => ScenarioJudge;
}

const real: Executors = { runScenario, openJudge: (folder) => new JudgeClient(folder) };

/** Resolves when every planned scenario has left its findings, or the signal fired. */
export async function executePlan(
  environment: Environment,
  options: ExecuteOptions,
  executors: Executors = real,
): Promise<void> {
  const { plan } = options;
  using scenarioJudge = executors.openJudge(options.folder);
  const queue = inOrder(
    plan.scenarios.map((planned) => ({ planned, scenario: scenarioOf(planned), zone: zoneOf(planned, plan) })),
  );
  const alone = queue.filter((planned) => scenarioOf(planned).isAlone);
  const others = queue.filter((planned) => !scenarioOf(planned).isAlone);
  const lanes = Array.from({ length: Math.max(1, Math.min(plan.jobs, others.length)) });
  using limiter = new ConcurrencyLimiter(lanes.length, { isFixed: plan.areJobsGiven !== false });
  // A lane throws only what would stop every lane: the first one to find out ends the others.
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const one = scenarioRunner(
    environment,
    { ...options, signal },
    { ...executors, judge: (it) => scenarioJudge.judge(it) },
  );
  const parts: LaneParts<Stage> = { plan, limiter, signal, run: one };
  const run = (planned: PlannedScenario[]) => runLane(planned, parts).catch((error: unknown) => stop.abort(error));
  await runPool(lanes, lanes.length, () => run(others));
  await run(alone);
  if (stop.signal.aborted) throw stop.signal.reason;
}

/** Runs one scenario of the plan and has it judged. */
function scenarioRunner(
  environment: Environment,
  { plan, folder: runFolder, signal, onUpdate, openGuide }: ExecuteOptions,
  executors: Pick<Executors, "runScenario"> & Pick<ScenarioJudge, "judge">,
): LaneParts<Stage>["run"] {
  const keepZone = plan.isKept ? keeperIn(environment) : undefined;
  return async (planned, { stage: given, isLast }) => {
    const { name, repeat, seed, entries } = planned;
    const folder = join(runFolder, scenarioFolder(planned));
    const job = {
      scenario: { ...scenarioOf(planned), entries },
      repeat,
      seed,
      folder,
      zone: zoneOf(planned, plan),
      bounds: plan.bounds,
      isLast,
      signal,
      report: (phase: string) => onUpdate({ kind: "scenario", name, repeat, phase }),
      ...defined({ keepZone, openGuide }),
    };
    const { stage, standsAs, thrownAway } = await executors.runScenario(environment, job, { given });
    if (standsAs) onUpdate({ kind: "stands", name, repeat, zone: standsAs });
    if (thrownAway) onUpdate({ kind: "thrown-away", name, repeat, why: thrownAway });
    if (thrownAway) appendFileSync(join(runFolder, thrownAwayFile), `${name} #${repeat}: ${thrownAway}\n`);
    const judged = await executors.judge(planned);
    writeFileSync(join(folder, findingsFile), `${JSON.stringify(judged)}\n`);
    const verdicts = Object.fromEntries(judged.findings.map((finding) => [finding.entry, finding.verdict]));
    onUpdate({ kind: "judged", name, repeat, verdicts });
    return stage;
  };
}

/** Leaves a zone up when the history of its scenario breaks an entry. */
function keeperIn(environment: Environment) {
  return async (folder: string, zone: StartedZone): Promise<string | undefined> => {
    const findings = judge(readHistory(join(folder, historyFile)));
    const isBroken = findings.some((finding) => finding.verdict === "broken");
    return isBroken ? letStand(environment, zone) : undefined;
  };
}
