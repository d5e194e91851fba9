// Carries out every planned scenario, several zones side by side, whatever suite it belongs to. Each lane uses its zone for
// one scenario after the other as long as it comes back steady and the next one wants its spec. It leaves histories
// and findings in the run's folder; Jest's claims and the gate's verdicts are made from those.

import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Worker } from "node:worker_threads";
import { HarnessError } from "#base/errors.ts";
import { judge } from "#checkers/judge.ts";
import type { JudgedScenario } from "#checkers/merge-findings.ts";
import { historyFile, readHistory } from "#history/read-history.ts";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import type { StartedZone } from "#zone/zone.ts";
import { letStand } from "#zones/kept-zones.ts";
import { inOrder } from "./longest-first.ts";
import { runPool } from "./pool.ts";
import { type Place, ConcurrencyLimiter } from "./concurrency-limiter.ts";
import { type PlannedScenario, type RunPlan, scenarioFolder } from "./plan.ts";
import { runScenario } from "#scenario/run-scenario.ts";
import type { ScenarioJob } from "#scenario/scenario-job.ts";
import type { Stage } from "#scenario/stage.ts";
import type { Environment } from "#zone/environment.ts";

/** What whoever watches a run is told, one message a change. */
export type RunNews =
  | { kind: "site"; line: string }
  | { kind: "scenario"; name: string; repeat: number; phase: string }
  | { kind: "thrown-away"; name: string; repeat: number; why: string }
  | { kind: "stands"; name: string; repeat: number; zone: string }
  | { kind: "judged"; name: string; repeat: number; verdicts: Record<string, string> };

/** Beside a history: what the checkers found in it, for the claims. A verdict is always judged anew from the history. */
export const findingsFile = "findings.json";

/** One line a zone that was not used again, and why. */
const thrownAwayFile = "zones-thrown-away.txt";

export interface PlanRunOptions {
  plan: RunPlan;
  folder: string;
  signal: AbortSignal;
  onNews: (news: RunNews) => void;
}

/** Resolves when every planned scenario has left its findings, or the signal fired. */
export async function runPlan(site: Environment, options: PlanRunOptions): Promise<void> {
  const { plan } = options;
  using judge = new Judge(options.folder);
  const queue = inOrder(
    plan.scenarios.map((planned) => ({ planned, scenario: specOf(planned), zone: zoneOf(planned, plan) })),
  );
  const alone = queue.filter((planned) => specOf(planned).isAlone);
  const others = queue.filter((planned) => !specOf(planned).isAlone);
  const lanes = Array.from({ length: Math.max(1, Math.min(plan.jobs, others.length)) });
  using limiter = new ConcurrencyLimiter(lanes.length, { isFixed: plan.areJobsGiven !== false });
  // What one lane cannot do here, the others cannot either: they need not find out.
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const run = (planned: PlannedScenario[]) =>
    runLane(site, planned, { ...options, signal, judge, limiter }).catch((error: unknown) => stop.abort(error));
  await runPool(lanes, lanes.length, () => run(others));
  await run(alone);
  if (stop.signal.aborted) throw stop.signal.reason;
}

type LaneOptions = PlanRunOptions & { judge: Judge; limiter: ConcurrencyLimiter };

async function runLane(site: Environment, queue: PlannedScenario[], options: LaneOptions): Promise<void> {
  const { limiter, signal } = options;
  while (queue.length > 0 && !signal.aborted) {
    if (queue.some(isOfPair)) {
      using place = await limiter.enter(() => queue.some(isOfPair), signal, 2);
      // Taken only when there is room: while it waits, another lane's room may come first.
      const [planned] = place ? queue.splice(queue.findIndex(isOfPair), 1) : [];
      if (planned) await runOne(site, planned, { ...options, stage: undefined, isLast: true });
    } else {
      using place = await limiter.enter(() => queue.length > 0, signal);
      if (place) await runInPlace(site, queue, { ...options, place });
    }
  }
}

/** Two zones that are used once. */
function isOfPair(planned: PlannedScenario): boolean {
  return specOf(planned).peers === 2;
}

/** One scenario after the other, until none is left or the machine has no room for as many zones. */
async function runInPlace(
  site: Environment,
  queue: PlannedScenario[],
  options: LaneOptions & { place: Place },
): Promise<void> {
  let stage: Stage | undefined;
  for (let planned = take(queue, stage, options.plan); planned; planned = take(queue, stage, options.plan)) {
    if (options.signal.aborted) break;
    if (stage && !isFit(stage, planned, options.plan)) {
      await stage[Symbol.asyncDispose]();
      stage = undefined;
    }
    stage = await runOne(site, planned, { ...options, stage, isLast: queue.length === 0 });
    if (options.place.isUnwanted) break;
  }
  if (stage) await stage[Symbol.asyncDispose]();
}

/** The longest scenario that the lane's zone can be used for; when there is none, the longest of all. */
function take(queue: PlannedScenario[], stage: Stage | undefined, plan: RunPlan): PlannedScenario | undefined {
  const at = stage ? queue.findIndex((planned) => isFit(stage, planned, plan)) : 0;
  return queue.splice(Math.max(at, 0), 1)[0];
}

function isFit(stage: Stage, planned: PlannedScenario, plan: RunPlan): boolean {
  // A cold start is part of the scenario.
  return specOf(planned).start === undefined && isDeepStrictEqual(stage.spec, zoneOf(planned, plan));
}

function specOf(planned: PlannedScenario): ScenarioSpec {
  return scenarioNamed(planned.suite, planned.name);
}

function zoneOf(planned: PlannedScenario, plan: RunPlan): ZoneSpec {
  const spec = { ...defaultZoneSpec, tier: plan.tier, ...specOf(planned).zone };
  return plan.stores && spec.stores !== "folder" ? { ...spec, stores: plan.stores } : spec;
}

async function runOne(
  site: Environment,
  planned: PlannedScenario,
  options: LaneOptions & { stage: Stage | undefined; isLast: boolean },
): Promise<Stage | undefined> {
  const { plan, folder, onNews } = options;
  const { name, repeat, seed } = planned;
  const job: ScenarioJob = {
    scenario: { ...specOf(planned), entries: planned.entries },
    repeat,
    seed,
    folder: join(folder, scenarioFolder(planned)),
    zone: zoneOf(planned, plan),
    bounds: plan.bounds,
    ...(plan.isKept ? { keepZone: (path, zone) => keepIfBroken(site, path, zone) } : {}),
    isLast: options.isLast,
    signal: options.signal,
    report: (phase) => onNews({ kind: "scenario", name, repeat, phase }),
  };
  const { stage, standsAs, thrownAway } = await runScenario(site, job, { given: options.stage });
  if (standsAs) onNews({ kind: "stands", name, repeat, zone: standsAs });
  if (thrownAway) onNews({ kind: "thrown-away", name, repeat, why: thrownAway });
  if (thrownAway) appendFileSync(join(folder, thrownAwayFile), `${name} #${repeat}: ${thrownAway}\n`);
  const judged = await options.judge.ask(planned);
  writeFileSync(join(job.folder, findingsFile), `${JSON.stringify(judged)}\n`);
  const verdicts = Object.fromEntries(judged.findings.map((one) => [one.entry, one.verdict]));
  onNews({ kind: "judged", name, repeat, verdicts });
  return stage;
}

/** Leaves the zone up when the history of its scenario breaks an entry. */
async function keepIfBroken(site: Environment, folder: string, zone: StartedZone): Promise<string | undefined> {
  const findings = judge(readHistory(join(folder, historyFile)));
  return findings.some((finding) => finding.verdict === "broken") ? letStand(site, zone) : undefined;
}

/** Judges in a thread of its own: a second of it here would hold up every stamp and every wait of the other zones. */
class Judge implements Disposable {
  readonly #thread: Worker;
  readonly #waiting: PromiseWithResolvers<JudgedScenario>[] = [];
  #failure: HarnessError | undefined;

  constructor(folder: string) {
    this.#thread = new Worker(new URL("./judge-thread.ts", import.meta.url), { workerData: { folder } });
    this.#thread.on("message", (judged: JudgedScenario) => this.#waiting.shift()?.resolve(judged));
    this.#thread.on("error", (error) => this.#fail(HarnessError.from(error)));
  }

  /** Answers come in the order of the questions. */
  ask(planned: PlannedScenario): Promise<JudgedScenario> {
    if (this.#failure) return Promise.reject(this.#failure);
    const answer = Promise.withResolvers<JudgedScenario>();
    this.#waiting.push(answer);
    this.#thread.postMessage(planned);
    return answer.promise;
  }

  #fail(error: HarnessError): void {
    this.#failure = error;
    for (const one of this.#waiting.splice(0)) one.reject(error);
  }

  [Symbol.dispose](): void {
    void this.#thread.terminate();
  }
}
