// What a Jest suite uses: it carries out the planned scenarios of one suite side by side and answers each entry's
// claim from the saved histories. Started by `triad gate` with a plan in a folder, or by hand with neither.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freshSeed } from "#base/random.ts";
import { mergeFindings, type JudgedScenario } from "#checkers/compose.ts";
import { scenariosOf } from "#spec/scenarios/index.ts";
import { type EntryVerdict } from "#spec/verdict.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { catalogue, judgeScenario } from "./judge-folder.ts";
import { repository } from "./images.ts";
import { defaultJobs } from "./jobs.ts";
import { planRun, type PlannedScenario, readPlan, type RunPlan, scenarioFolder, writePlan } from "./run-plan.ts";
import { runPool } from "./pool.ts";
import { runScenario } from "./scenario-run.ts";
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
      this.plan = planRun({ suites: [suite], only: [], repeat: 1, jobs: defaultJobs(), seed: freshSeed(), tier: "standard", isKept: false });
      writePlan(this.#folder, this.plan);
    }
    this.#mine = this.plan.scenarios.filter((one) => one.suite === suite);
    for (const planned of this.#mine) this.#judged.set(planned, Promise.withResolvers());
    // The gate that started this process is gone: nothing it would read is worth making.
    process.once("disconnect", () => process.exit(3));
  }

  /** True when the plan decides this entry in this suite. */
  has(entry: string): boolean {
    return this.#mine.some((one) => one.entries.includes(entry));
  }

  /** Opens the site and starts every planned scenario; does not wait for them. */
  async open(): Promise<void> {
    if (this.#mine.length === 0) return;
    this.#site = await Site.open((line) => tell({ kind: "site", line }), this.plan.natsServer);
    this.#pool = runPool(this.#mine, this.plan.jobs, (planned) => this.#run(this.#site!, planned));
  }

  async #run(site: Site, planned: PlannedScenario): Promise<void> {
    const { name, repeat, seed } = planned;
    const settle = this.#judged.get(planned)!;
    try {
      const scenario = scenariosOf(this.suite).find((one) => one.name === name)!;
      const spec = { ...defaultZoneSpec, tier: this.plan.tier, ...scenario.zone };
      await runScenario(site, {
        scenario: { ...scenario, entries: planned.entries },
        repeat,
        seed,
        folder: join(this.#folder, scenarioFolder(planned)),
        zone: spec,
        bounds: this.plan.bounds,
        isKept: this.plan.isKept,
        signal: this.#stop.signal,
        report: (phase) => tell({ kind: "scenario", name, repeat, phase }),
      });
      const { saved: _, ...judged } = judgeScenario(this.#folder, planned);
      tell({ kind: "judged", name, repeat, verdicts: Object.fromEntries(judged.findings.map((one) => [one.entry, one.verdict])) });
      settle.resolve(judged);
    } catch (error) {
      settle.reject(error);
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

function tell(news: RunNews): void {
  if (process.send) process.send(news);
}
