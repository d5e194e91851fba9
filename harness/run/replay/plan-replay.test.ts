// The plan of a replay is bound to its file: another text, another digest or another copy decides nothing.

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { historyFormat, type HistoryHeader } from "#history/event.ts";
import { parseScenario } from "#scenario-file/parse-scenario.ts";
import { planned as asInHeader } from "#scenario/history-header.ts";
import { takeFolder } from "../evidence-folder.ts";
import { type PlannedScenario, readPlan, type RunPlan } from "../plan.ts";
import { scenarioOf } from "../planned-zone.ts";
import { unbound } from "../saved/binding.ts";
import { planReplay, type ReplayRequest } from "./plan-replay.ts";
import { otherReplayed } from "./replayed-file.ts";

const text = `title: a test
zone: { tier: critical }
expect: { kept: [FAIL-3] }
steps:
  - random:
      choose: { node: [alpha, beta, gamma], wait: { from: 0s, to: 3s } }
      times: 4
      steps: [ { fault: kill, node: $node }, { hold: $wait }, { repair: $node } ]
`;
const request: ReplayRequest = {
  files: [{ name: "one", text, file: parseScenario(text, "one.yaml") }],
  paths: ["one.yaml"],
  only: [],
  repeat: 2,
  seed: 4,
  tier: "standard",
  isKept: false,
};
let root = "";
let plan: RunPlan;
let folders = 0;
const folder = () => join(root, `folder-${(folders += 1)}`);
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "triad-replay-"));
  const saved = folder();
  takeFolder(saved, planReplay(request));
  plan = readPlan(saved);
});
afterAll(() => rmSync(root, { recursive: true }));

const headerOf = (planned: PlannedScenario): HistoryHeader => ({
  format: historyFormat,
  suite: planned.suite,
  scenario: planned.name,
  repeat: planned.repeat,
  seed: planned.seed,
  entries: planned.entries,
  plannedFaults: asInHeader(planned.faults!),
  zone: { vip: "", rpcPort: 0, nodes: {} as HistoryHeader["zone"]["nodes"], spec: planned.zone! },
  bounds: { ...plan.bounds },
});
const why = (planned: PlannedScenario) => {
  const header = headerOf(planned);
  return unbound(header, { header, events: [] }, { planned, plan });
};

describe("the plan of a replay", () => {
  it("draws the chances of each repeat from its seed, and the same for the same seed", () => {
    const [first, second] = plan.scenarios;
    expect(first!.faults).toHaveLength(4);
    expect(first!.faults).not.toEqual(second!.faults);
    expect(planReplay(request).scenarios).toEqual(plan.scenarios);
    expect(scenarioOf(first!).zone).toEqual({ tier: "critical" });
    expect(first!.entries).toEqual(expect.arrayContaining(["DUAL-0", "FAIL-3"]));
  });

  it("is bound to its file", () => {
    const [planned] = plan.scenarios;
    expect(why(planned!)).toBeUndefined();
    const other = text.replace("times: 4", "times: 3");
    expect(why({ ...planned!, file: { ...planned!.file!, text: other } })).toMatch(
      /holds other faults or another zone/,
    );
    const { faults } = plan.scenarios[1]!;
    expect(why({ ...planned!, faults: faults! })).toMatch(/holds other faults or another zone/);
  });

  it("judges only what --only names, beside what every run judges", () => {
    expect(planReplay({ ...request, only: ["NET-5"] }).entries).toEqual(expect.arrayContaining(["DUAL-0", "NET-5"]));
    expect(planReplay({ ...request, only: ["NET-5"] }).entries).not.toContain("FAIL-3");
  });

  it("refuses two files of one name, and more text than a plan may hold", () => {
    const [one] = request.files;
    expect(() => planReplay({ ...request, files: [one!, one!] })).toThrow(/two files name/);
    const long = { ...one!, text: `${one!.text}# ${"x".repeat(60_000)}` };
    expect(() => planReplay({ ...request, files: [long], repeat: 500 })).toThrow(/fewer repeats|bytes of plan/);
  });
});

describe("the copy in the evidence folder", () => {
  it("is the file of the plan, or the folder is doubted", () => {
    const saved = folder();
    takeFolder(saved, planReplay(request));
    const copy = join(saved, "replayed/one.yaml");
    expect(readFileSync(copy, "utf8")).toBe(text);
    expect(otherReplayed(saved, plan.scenarios)).toBeUndefined();
    const [planned] = plan.scenarios;
    const forged = { ...planned!, file: { ...planned!.file!, text: "title: other" } };
    expect(otherReplayed(saved, [forged])).toMatch(/another one.yaml than its digest says/);
    writeFileSync(copy, text.replace("kill", "stop"));
    expect(otherReplayed(saved, plan.scenarios)).toMatch(/replayed\/one.yaml is not the file of the plan/);
    rmSync(copy);
    expect(otherReplayed(saved, plan.scenarios)).toMatch(/replayed\/one.yaml is missing/);
  });
});
