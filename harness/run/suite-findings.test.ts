// How the claims in Jest are answered from the findings in a run's folder.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { JudgedScenario } from "#checkers/merge-findings.ts";
import type { Finding } from "#spec/verdict.ts";
import { planRun } from "./make-plan.ts";
import { findingsFile, type PlannedScenario, runFolderVariable, scenarioFolder, writePlan } from "./plan.ts";
import { SuiteRun } from "./suite-findings.ts";

const plan = planRun({ suites: ["failure"], only: ["FAIL-1"], repeat: 1, seed: 1, tier: "standard", isKept: false });

let folder = "";
let run: SuiteRun;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
  folder = mkdtempSync(join(tmpdir(), "triad-claims-"));
  writePlan(folder, plan);
  process.env[runFolderVariable] = folder;
  run = new SuiteRun("failure");
});
afterEach(async () => {
  await run.close();
  delete process.env[runFolderVariable];
  jest.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** The findings file of a scenario, with one verdict for each of its entries. */
function textOf({ name, repeat, entries }: PlannedScenario, verdict: Finding["verdict"]): string {
  const because = `it was ${verdict}`;
  const findings = entries.map((entry) => ({ entry, verdict, because, measured: {}, events: [] }));
  return `${JSON.stringify({ scenario: name, repeat, history: "", findings } satisfies JudgedScenario)}\n`;
}

function leave(planned: PlannedScenario, text: string): void {
  const path = join(folder, scenarioFolder(planned));
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, findingsFile), text);
}

describe("a claim", () => {
  it("holds when every scenario that decides its entry kept it", async () => {
    for (const planned of plan.scenarios) leave(planned, textOf(planned, "kept"));
    await expect(run.expectKept("FAIL-1", 1_000)).resolves.toBeUndefined();
  });

  it.each(["broken", "unknown"] as const)("fails when one of them found it %s, with the reason", async (verdict) => {
    for (const planned of plan.scenarios) leave(planned, textOf(planned, "kept"));
    leave(plan.scenarios[1]!, textOf(plan.scenarios[1]!, verdict));
    await expect(run.expectKept("FAIL-1", 1_000)).rejects.toThrow(new RegExp(`${verdict} FAIL-1 .*it was ${verdict}`));
  });

  it("waits for findings that are missing or half written", async () => {
    const [first, ...others] = plan.scenarios;
    for (const planned of others) leave(planned, textOf(planned, "kept"));
    const text = textOf(first!, "kept");
    const claim = run.expectKept("FAIL-1", 10_000);
    await jest.advanceTimersByTimeAsync(500);
    leave(first!, text.slice(0, 20));
    await jest.advanceTimersByTimeAsync(500);
    leave(first!, text);
    await jest.advanceTimersByTimeAsync(500);
    await expect(claim).resolves.toBeUndefined();
  });

  it("fails at its deadline, and says which scenario it waited for", async () => {
    const [claim] = await Promise.all([
      Promise.allSettled([run.expectKept("FAIL-1", 1_000)]),
      jest.advanceTimersByTimeAsync(1_500),
    ]);
    const message = expect.stringMatching(/waited 1000 ms for fail-1-\S+ #1 to be judged/);
    expect(claim).toMatchObject([{ status: "rejected", reason: { message } }]);
  });

  it("ends with the suite", async () => {
    const claim = Promise.allSettled([run.expectKept("FAIL-1", 60_000)]);
    await jest.advanceTimersByTimeAsync(10);
    await run.close();
    expect(await claim).toMatchObject([{ status: "rejected", reason: { message: "the suite is over" } }]);
  });
});

describe("a suite", () => {
  it("knows which entries the plan decides", () => {
    expect([run.has("FAIL-1"), run.has("FAIL-2")]).toEqual([true, false]);
  });

  it("opens nothing when a gate started it", async () => {
    await expect(run.open()).resolves.toBeUndefined();
  });

  it("plans its own scenarios when a person started it", () => {
    delete process.env[runFolderVariable];
    const byHand = new SuiteRun("network");
    expect(byHand.plan.suites).toContain("network");
  });
});
