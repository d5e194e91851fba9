// A plan executed with a fake in place of the scenario executor and of the judge's thread.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { delay } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { ScenarioEnd } from "#scenario/run-scenario.ts";
import type { ScenarioJob } from "#scenario/scenario-job.ts";
import { Stage } from "#scenario/stage.ts";
import type { Environment } from "#zone/environment.ts";
import { executePlan, type RunUpdate } from "./execute-plan.ts";
import { planRun } from "./make-plan.ts";
import { findingsFile, type PlannedScenario, type RunPlan, scenarioFolder } from "./plan.ts";
import { scenarioOf } from "./planned-zone.ts";

const request = { only: [], repeat: 1, seed: 1, tier: "standard", isKept: false } as const;
const environment = {} as Environment;

let folder = "";
let updates: RunUpdate[] = [];
let jobs: ScenarioJob[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triad-execute-"));
  updates = [];
  jobs = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function planOf(suites: string[], differs: Partial<RunPlan> = {}): RunPlan {
  return { ...planRun({ ...request, only: [], suites }), ...differs };
}

/** Executes the plan; `end` says what happens to the stage of each scenario. */
function executed(
  plan: RunPlan,
  end: (job: ScenarioJob) => ScenarioEnd | Promise<ScenarioEnd> = () => ({ stage: undefined }),
  signal = new AbortController().signal,
): Promise<void> {
  const runScenario = async (_: Environment, job: ScenarioJob): Promise<ScenarioEnd> => {
    jobs.push(job);
    mkdirSync(job.folder, { recursive: true });
    job.report("starting");
    return end(job);
  };
  const judge = async ({ name, repeat, entries }: PlannedScenario) => ({
    scenario: name,
    repeat,
    history: "",
    findings: entries.map((entry) => ({ entry, verdict: "kept" as const, because: "", measured: {}, events: [] })),
  });
  const openJudge = () => ({ judge, [Symbol.dispose]: () => {} });
  const options = { plan, folder, signal, onUpdate: (update: RunUpdate) => void updates.push(update) };
  return executePlan(environment, options, { runScenario, openJudge });
}

describe("an executed plan", () => {
  it("has run every planned scenario once, in its own folder, and left its findings", async () => {
    const plan = planOf(["failure"], { jobs: 3, areJobsGiven: true });
    await executed(plan);
    expect(jobs.map(({ scenario }) => scenario.name).sort()).toEqual(plan.scenarios.map(({ name }) => name).sort());
    for (const planned of plan.scenarios) {
      const text = readFileSync(join(folder, scenarioFolder(planned), findingsFile), "utf8");
      expect(text.endsWith("\n")).toBe(true);
      expect(JSON.parse(text)).toMatchObject({ scenario: planned.name, repeat: planned.repeat });
    }
  });

  it("gives each scenario its planned seed and entries", async () => {
    const plan = planOf(["failure"], { jobs: 1, areJobsGiven: true });
    await executed(plan);
    const planned = plan.scenarios.find(({ name }) => name === "fail-1-kill")!;
    const job = jobs.find(({ scenario }) => scenario.name === planned.name)!;
    expect([job.seed, job.scenario.entries, job.bounds]).toEqual([planned.seed, planned.entries, plan.bounds]);
  });

  it("reports phases and verdicts as they come, and writes down why a zone was thrown away", async () => {
    const plan = planOf(["failure"], { jobs: 1, areJobsGiven: true });
    plan.scenarios = plan.scenarios.slice(0, 1);
    const { name } = plan.scenarios[0]!;
    await executed(plan, () => ({ stage: undefined, thrownAway: "a replica may be damaged" }));
    expect(updates).toEqual([
      { kind: "scenario", name, repeat: 1, phase: "starting" },
      { kind: "thrown-away", name, repeat: 1, why: "a replica may be damaged" },
      { kind: "judged", name, repeat: 1, verdicts: expect.objectContaining({ "DUAL-0": "kept" }) },
    ]);
    const lines = readFileSync(join(folder, "zones-thrown-away.txt"), "utf8");
    expect(lines).toBe(`${name} #1: a replica may be damaged\n`);
  });

  it("hands the stage of one scenario to the next, and ends it at the end", async () => {
    const plan = planOf(["failure"], { jobs: 1, areJobsGiven: true });
    plan.scenarios = plan.scenarios.filter(({ name }) => name.startsWith("fail-1-"));
    let ended = 0;
    const zone = { [Symbol.asyncDispose]: async () => void (ended += 1) };
    const stages = new Set<Stage>();
    await executed(plan, ({ zone: spec }) => {
      const stage = new Stage(spec, { zone, load: {}, sink: {} } as unknown as Stage["own"]);
      stages.add(stage);
      return { stage };
    });
    expect(jobs.filter(({ isLast }) => isLast)).toHaveLength(1);
    expect(ended).toBe(1);
  });

  it("runs a scenario that needs the machine alone after all others, with nothing beside it", async () => {
    const plan = planOf(["durability"], { jobs: 4, areJobsGiven: true });
    const alone = new Set(plan.scenarios.filter((one) => scenarioOf(one).isAlone).map(({ name }) => name));
    expect(alone.size).toBeGreaterThan(0);
    let running = 0;
    const beside: number[] = [];
    await executed(plan, async ({ scenario }) => {
      running += 1;
      if (alone.has(scenario.name)) beside.push(running);
      await delay(0);
      running -= 1;
      return { stage: undefined };
    });
    expect(beside).toEqual([...alone].map(() => 1));
    const names = jobs.map(({ scenario }) => scenario.name);
    expect(new Set(names.slice(-alone.size))).toEqual(alone);
  });

  it("keeps zones only when it was asked to", async () => {
    const plan = planOf(["failure"], { jobs: 1, areJobsGiven: true });
    plan.scenarios = plan.scenarios.slice(0, 1);
    await executed(plan);
    await executed({ ...plan, isKept: true }, () => ({ stage: undefined, standsAs: "kept-1" }));
    expect(jobs.map(({ keepZone }) => keepZone !== undefined)).toEqual([false, true]);
    expect(updates.find(({ kind }) => kind === "stands")).toMatchObject({ zone: "kept-1" });
  });
});

describe("an error that no other scenario would escape", () => {
  it("ends the other lanes, and is thrown", async () => {
    const plan = planOf(["failure"], { jobs: 2, areJobsGiven: true });
    const lost = new HarnessError("engine/no-answer", "the daemon is away");
    const aborted: string[] = [];
    const running = executed(plan, async ({ signal, scenario }) => {
      if (jobs.length === 2) throw lost;
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      aborted.push(scenario.name);
      return { stage: undefined };
    });
    await expect(running).rejects.toBe(lost);
    expect(jobs).toHaveLength(2);
    expect(aborted).toHaveLength(1);
  });
});

describe("an interrupted run", () => {
  it("starts no further scenario", async () => {
    const plan = planOf(["failure"], { jobs: 1, areJobsGiven: true });
    const stop = new AbortController();
    const end = () => {
      stop.abort(new HarnessError("run/interrupted", "the run was interrupted"));
      return { stage: undefined };
    };
    await executed(plan, end, stop.signal).catch(() => {});
    expect(jobs).toHaveLength(1);
  });
});
