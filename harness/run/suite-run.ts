// What a Jest suite uses: it carries out the planned scenarios of one suite side by side and answers each entry's
// claim from the saved histories. Started by `triad gate` with a plan in a folder, or by hand with neither.

import { mkdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { every } from "#base/clock.ts";
import { freshSeed } from "#base/random.ts";
import { mergeFindings, type JudgedScenario } from "#checkers/compose.ts";
import { scenariosOf } from "#spec/scenarios/index.ts";
import { type EntryVerdict } from "#spec/verdict.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import { encodeLine } from "#wire/codec.ts";
import { catalogue, judgeScenario } from "./judge-folder.ts";
import { repository } from "./images.ts";
import { defaultJobs } from "./jobs.ts";
import { planRun, type PlannedScenario, readPlan, type RunPlan, scenarioFolder, writePlan } from "./run-plan.ts";
import { runPool } from "./pool.ts";
import { runScenario, type ScenarioJob, type Stage } from "./scenario-run.ts";
import { Site } from "./site.ts";

/** What the parent process is told, one message a change. */
export type RunNews =
  | { kind: "site"; line: string }
  | { kind: "scenario"; name: string; repeat: number; phase: string }
  | { kind: "judged"; name: string; repeat: number; verdicts: Record<string, string> };

/** Environment variable by which a gate hands its plan to the test runner. */
export const runFolderVariable = "TRIAD_RUN_FOLDER";

export class SuiteRun {
  readonly suite: string;
  readonly plan: RunPlan;
  readonly #folder: string;
  readonly #mine: PlannedScenario[];
  readonly #stop = new AbortController();
  readonly #judged = new Map<PlannedScenario, PromiseWithResolvers<JudgedScenario>>();
  #site: Site | undefined;
  #pool: Promise<unknown> | undefined;

  constructor(suite: string) {
    this.suite = suite;
    const given = process.env[runFolderVariable];
    this.#folder = given ?? join(repository, "evidence", `${suite}-by-hand`);
    if (given) this.plan = readPlan(given);
    else {
      mkdirSync(this.#folder, { recursive: true });
      this.plan = planRun({
        suites: [suite],
        only: [],
        repeat: 1,
        jobs: defaultJobs(),
        seed: freshSeed(),
        tier: "standard",
        isKept: false,
      });
      writePlan(this.#folder, this.plan);
    }
    this.#mine = this.plan.scenarios.filter((one) => one.suite === suite);
    for (const planned of this.#mine) this.#judged.set(planned, Promise.withResolvers());
    if (given) exitWithParent();
  }

  /** True when the plan decides this entry in this suite. */
  has(entry: string): boolean {
    return this.#mine.some((one) => one.entries.includes(entry));
  }

  /** Opens the site and starts every planned scenario; does not wait for them. */
  async open(): Promise<void> {
    if (this.#mine.length === 0) return;
    this.#site = await Site.open((line) => tell({ kind: "site", line }), this.plan.natsServer);
    const queue = [...this.#mine];
    const lanes = Array.from({ length: Math.min(this.plan.jobs, queue.length) });
    this.#pool = runPool(lanes, lanes.length, () => this.#runLane(this.#site!, queue));
  }

  /** One scenario after the other, on the same zone as long as it comes back steady and the next one wants its spec. */
  async #runLane(site: Site, queue: PlannedScenario[]): Promise<void> {
    let stage: Stage | undefined;
    for (let planned = queue.shift(); planned; planned = queue.shift()) {
      const isFit: boolean = stage !== undefined && isDeepStrictEqual(stage.spec, this.#specOf(planned));
      if (stage && !isFit) {
        await stage.zone[Symbol.asyncDispose]();
        stage = undefined;
      }
      stage = await this.#run(site, planned, { stage, isLast: queue.length === 0 });
    }
    await stage?.zone[Symbol.asyncDispose]();
  }

  #scenarioOf(planned: PlannedScenario): ScenarioSpec {
    return scenariosOf(this.suite).find((one) => one.name === planned.name)!;
  }

  #specOf(planned: PlannedScenario): ZoneSpec {
    return { ...defaultZoneSpec, tier: this.plan.tier, ...this.#scenarioOf(planned).zone };
  }

  async #run(
    site: Site,
    planned: PlannedScenario,
    on: { stage: Stage | undefined; isLast: boolean },
  ): Promise<Stage | undefined> {
    const { name, repeat, seed } = planned;
    const settle = this.#judged.get(planned)!;
    const job: ScenarioJob = {
      scenario: { ...this.#scenarioOf(planned), entries: planned.entries },
      repeat,
      seed,
      folder: join(this.#folder, scenarioFolder(planned)),
      zone: this.#specOf(planned),
      bounds: this.plan.bounds,
      isKept: this.plan.isKept,
      isLast: on.isLast,
      signal: this.#stop.signal,
      report: (phase) => tell({ kind: "scenario", name, repeat, phase }),
    };
    try {
      const { stage } = await runScenario(site, job, on.stage);
      const { saved: _, ...judged } = judgeScenario(this.#folder, planned);
      tell({
        kind: "judged",
        name,
        repeat,
        verdicts: Object.fromEntries(judged.findings.map((one) => [one.entry, one.verdict])),
      });
      settle.resolve(judged);
      return stage;
    } catch (error) {
      settle.reject(error);
      return undefined;
    }
  }

  /** The verdict of one entry over every scenario of this suite that decides it. Waits for them. */
  async verdict(id: string): Promise<EntryVerdict> {
    const deciding = this.#mine.filter((one) => one.entries.includes(id));
    const judged = await Promise.all(deciding.map((one) => this.#judged.get(one)!.promise));
    const entry = catalogue().filter((one) => one.id === id);
    const planned = deciding.map(({ name, repeat, entries }) => ({ scenario: name, repeat, entries }));
    return mergeFindings(entry, judged, planned)[0]!;
  }

  /** Throws with the promise and the reason unless the entry was kept. */
  async expectKept(id: string): Promise<void> {
    const { verdict, promise, because } = await this.verdict(id);
    if (verdict !== "kept") throw new Error(`${verdict} ${id} "${promise}": ${because}`);
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error("the suite is over"));
    await this.#pool;
    await this.#site?.[Symbol.asyncDispose]();
  }
}

/** File descriptor on which a gate hears the news. Not Node's own channel: Jest hides `process.send` from suites. */
export const newsDescriptor = 3;

function tell(news: RunNews): void {
  if (process.env[runFolderVariable]) writeSync(newsDescriptor, encodeLine(news));
}

/** Ends this process when the gate that started it is gone: nothing it would read is worth making. */
function exitWithParent(): void {
  const parent = process.ppid;
  every(1_000, () => {
    if (process.ppid !== parent) process.exit(3);
  });
}
