// The judge's thread: it answers from saved files, in the order of the questions.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { historyFile } from "#history/read-history.ts";
import { JudgeClient } from "./judge-client.ts";
import { planRun } from "./make-plan.ts";
import { scenarioFolder, writePlan } from "./plan.ts";

const plan = planRun({ suites: ["failure"], only: [], repeat: 1, seed: 1, tier: "standard", isKept: false });

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "triad-judge-"))));
afterEach(() => rmSync(folder, { recursive: true }));

it("makes every entry of a scenario unknown that left no history, or one that cannot be read", async () => {
  writePlan(folder, plan);
  const [absent, broken] = [plan.scenarios[0]!, plan.scenarios[1]!];
  mkdirSync(join(folder, scenarioFolder(broken)), { recursive: true });
  writeFileSync(join(folder, scenarioFolder(broken), historyFile), "no history\n");
  using client = new JudgeClient(folder);
  const judged = await Promise.all([client.judge(absent), client.judge(broken)]);
  expect(judged.map(({ scenario }) => scenario)).toEqual([absent.name, broken.name]);
  expect(judged.map(({ findings }) => findings.map(({ entry }) => entry))).toEqual([absent.entries, broken.entries]);
  const whys = judged.map(({ findings }) => findings[0]?.because ?? "");
  expect(whys).toEqual(["it left no history", expect.stringMatching(/its history cannot be read/)]);
  expect(judged.flatMap(({ findings }) => findings.map(({ verdict }) => verdict))).not.toContain("kept");
});

it("rejects what is asked of a thread that failed, before and after", async () => {
  using client = new JudgeClient(folder); // holds no plan
  await expect(client.judge(plan.scenarios[0]!)).rejects.toThrow(/holds no plan.json/);
  await expect(client.judge(plan.scenarios[1]!)).rejects.toThrow(/holds no plan.json/);
});
