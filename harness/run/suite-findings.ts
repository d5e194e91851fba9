// Answers the claims of a Jest suite from the findings in a run's folder. When `triad gate` starts Jest, the gate
// executes the scenarios. When a person starts Jest, this executes the scenarios of the one suite first.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { every } from "#base/clock.ts";
import { pollUntil } from "#base/poll.ts";
import { freshSeed } from "#base/random.ts";
import { askedEverywhere } from "#checkers/asked-everywhere.ts";
import { type JudgedScenario, mergeFindings } from "#checkers/merge-findings.ts";
import { isOwnerAlive, ownerOf } from "#engine/owner.ts";
import { type EntryVerdict, isPassing } from "#spec/verdict.ts";
import { catalogue } from "./read-catalogue.ts";
import { repository } from "#base/repository.ts";
import { executePlan } from "./execute-plan.ts";
import { planRun } from "./make-plan.ts";
import {
  askedBy,
  findingsFile,
  type PlannedScenario,
  readPlan,
  runFolderVariable,
  type RunPlan,
  scenarioFolder,
  writePlan,
} from "./plan.ts";
import { Environment } from "#zone/environment.ts";

const lookMs = 250;

export class SuiteRun {
  readonly plan: RunPlan;
  readonly #folder: string;
  readonly #isGiven: boolean;
  readonly #stop = new AbortController();
  #environment: Environment | undefined;
  #run: Promise<void> | undefined;

  constructor(suite: string) {
    const given = process.env[runFolderVariable];
    this.#isGiven = given !== undefined;
    this.#folder = given ?? join(repository, "evidence", `${suite}-by-hand-${process.pid}`);
    this.plan = given ? readPlan(given) : planByHand(suite);
    if (this.#isGiven) exitWithParent();
  }

  /** True when a scenario of the plan decides this entry. */
  has(entry: string): boolean {
    return this.plan.scenarios.some((one) => one.entries.includes(entry));
  }

  /** Started by a person: opens the environment and starts the scenarios, without waiting for their end. */
  async open(): Promise<void> {
    if (this.#isGiven) return;
    mkdirSync(this.#folder, { recursive: true });
    writePlan(this.#folder, this.plan);
    this.#environment = await Environment.open(() => {}, askedBy(this.plan));
    const { plan } = this;
    this.#run = executePlan(this.#environment, {
      plan,
      folder: this.#folder,
      signal: this.#stop.signal,
      onUpdate: () => {},
    });
  }

  /**
   * Throws unless every scenario that decides the entry kept it, or the profile waives the failure. Of an entry that is
   * asked everywhere, no other scenario may have seen a violation.
   */
  async expectKept(id: string, deadlineMs: number): Promise<void> {
    const entry = await this.#verdict(id, deadlineMs);
    const { verdict, promise, because } = entry;
    if (!isPassing(entry)) throw new Error(`${verdict} ${id} "${promise}": ${because}`);
  }

  async #verdict(id: string, deadlineMs: number): Promise<EntryVerdict> {
    const isEverywhere = askedEverywhere.has(id);
    const deciding = this.plan.scenarios.filter((one) => isEverywhere || one.entries.includes(id));
    const judged = await Promise.all(deciding.map((one) => this.#findings(one, deadlineMs)));
    const entry = catalogue().filter((one) => one.id === id);
    const planned = deciding.map(({ name, repeat, entries }) => ({ scenario: name, repeat, entries }));
    return mergeFindings(entry, judged, planned)[0]!;
  }

  /** Waits for the findings of one scenario. They are the last file that it writes. */
  #findings(planned: PlannedScenario, deadlineMs: number): Promise<JudgedScenario> {
    const path = join(this.#folder, scenarioFolder(planned), findingsFile);
    const look = () => {
      if (!existsSync(path)) return { saw: "no findings" };
      // A file that is still being written ends without its newline.
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
    await this.#environment?.[Symbol.asyncDispose]();
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
 * Ends this process when the gate that started it has ended: no findings will come. The gate's process is looked up at
 * the start, because inside Jest `process` is a copy whose `ppid` does not change.
 */
function exitWithParent(): void {
  const gate = ownerOf(process.ppid);
  every(1_000, () => {
    if (!isOwnerAlive(gate)) process.exit(3);
  });
}
