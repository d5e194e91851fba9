// What a Jest suite uses: it answers each entry's claim from what a run's scenarios left in a folder. Started by `triad
// gate`, which carries out the scenarios itself; started by hand, it carries out those of its own suite first.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { every } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import { freshSeed } from "#base/random.ts";
import { type JudgedScenario, mergeFindings } from "#checkers/merge-findings.ts";
import { isOwnerAlive, ownerOf } from "#engine/owner.ts";
import { type EntryVerdict, isPassing } from "#spec/verdict.ts";
import { catalogue } from "./read-catalogue.ts";
import { repository } from "#base/repository.ts";
import { findingsFile, runPlan } from "./execute-plan.ts";
import { planRun, type PlannedScenario, readPlan, type RunPlan, scenarioFolder, writePlan } from "./plan.ts";
import { Environment } from "#zone/environment.ts";

/** Environment variable by which a gate hands its folder to the test runner. */
export const runFolderVariable = "TRIAD_RUN_FOLDER";

const lookMs = 250;

export class SuiteRun {
  readonly plan: RunPlan;
  readonly #folder: string;
  readonly #isGiven: boolean;
  readonly #stop = new AbortController();
  #site: Environment | undefined;
  #run: Promise<void> | undefined;

  constructor(suite: string) {
    const given = process.env[runFolderVariable];
    this.#isGiven = given !== undefined;
    this.#folder = given ?? join(repository, "evidence", `${suite}-by-hand-${process.pid}`);
    this.plan = given ? readPlan(given) : planByHand(suite);
    if (this.#isGiven) exitWithParent();
  }

  /** True when the plan decides this entry, in whichever suite. */
  has(entry: string): boolean {
    return this.plan.scenarios.some((one) => one.entries.includes(entry));
  }

  /** By hand: opens the site and starts the scenarios; does not wait for them. */
  async open(): Promise<void> {
    if (this.#isGiven) return;
    mkdirSync(this.#folder, { recursive: true });
    writePlan(this.#folder, this.plan);
    this.#site = await Environment.open(() => {}, this.plan.natsServer);
    const { plan } = this;
    this.#run = runPlan(this.#site, { plan, folder: this.#folder, signal: this.#stop.signal, onNews: () => {} });
  }

  /** Throws with the promise and the reason unless every scenario that decides the entry kept it, or the profile waives what broke it. */
  async expectKept(id: string, deadlineMs: number): Promise<void> {
    const entry = await this.#verdict(id, deadlineMs);
    const { verdict, promise, because } = entry;
    if (!isPassing(entry)) throw new Error(`${verdict} ${id} "${promise}": ${because}`);
  }

  async #verdict(id: string, deadlineMs: number): Promise<EntryVerdict> {
    const deciding = this.plan.scenarios.filter((one) => one.entries.includes(id));
    const judged = await Promise.all(deciding.map((one) => this.#findings(one, deadlineMs)));
    const entry = catalogue().filter((one) => one.id === id);
    const planned = deciding.map(({ name, repeat, entries }) => ({ scenario: name, repeat, entries }));
    return mergeFindings(entry, judged, planned)[0]!;
  }

  /** Waits for the findings of one scenario; whoever runs it writes them last. */
  #findings(planned: PlannedScenario, deadlineMs: number): Promise<JudgedScenario> {
    const path = join(this.#folder, scenarioFolder(planned), findingsFile);
    const look = () => {
      if (!existsSync(path)) return { saw: "no findings" };
      // Written in one go, and still: a file that is just being written ends without its newline.
      const text = readFileSync(path, "utf8");
      return text.endsWith("\n") ? { done: JSON.parse(text) as JudgedScenario } : { saw: "findings being written" };
    };
    return pollUntil(look, {
      what: `${planned.name} #${planned.repeat} to be judged`,
      deadlineMs,
      intervalMs: lookMs,
      signal: this.#stop.signal,
    });
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error("the suite is over"));
    await this.#run;
    await this.#site?.[Symbol.asyncDispose]();
  }
}

function planByHand(suite: string): RunPlan {
  return planRun({
    suites: [suite],
    only: [],
    repeat: 1,
    seed: freshSeed(),
    tier: "standard",
    isKept: false,
  });
}

/**
 * Ends this process when the gate that started it is gone: nothing it would read is worth making. The gate is known by its
 * process: inside Jest `process` is a copy, and its `ppid` stays what it was.
 */
function exitWithParent(): void {
  const gate = ownerOf(process.ppid);
  every(1_000, () => {
    if (!isOwnerAlive(gate)) process.exit(3);
  });
}
