// A folder that was edited after its run does not agree with itself: each way of editing it is named, and no edit makes
// an entry greener.

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cases, historyOf } from "#corpus/cases/index.ts";
import { encodeHistory } from "#history/codec.ts";
import type { VerdictsFile } from "#spec/verdict.ts";
import { checkFolder } from "./check-folder.ts";
import { digestsOf } from "./digests.ts";
import { copyFolder, headerFor, recorded, saveFolder } from "../fakes/saved-folder.ts";
import type { RunPlan } from "../plan.ts";

const kill = "scenarios/fail-1-kill-1/history.jsonl";
const look = "scenarios/steady-look-1/history.jsonl";
let root = "";
let whole = "";
let plan: RunPlan;
let copies = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "triad-check-"));
  whole = join(root, "whole");
  plan = saveFolder(whole, ["fail-1-kill", "steady-look"]);
});
afterAll(() => rmSync(root, { recursive: true }));

/** A copy of the folder to edit. */
class Edited {
  readonly folder = copyFolder(whole, join(root, `copy-${(copies += 1)}`));

  text = (name: string) => readFileSync(join(this.folder, name), "utf8");
  write = (name: string, text: string) => writeFileSync(join(this.folder, name), text);
  edit = (name: string, change: (text: string) => string) => this.write(name, change(this.text(name)));
  header = (name: string, change: (header: Record<string, unknown>) => unknown) =>
    this.edit(name, (text) => {
      const end = text.indexOf("\n");
      return JSON.stringify(change(JSON.parse(text.slice(0, end)) as Record<string, unknown>)) + text.slice(end);
    });
  json = (name: string, change: (value: never) => unknown) =>
    this.edit(name, (text) => `${JSON.stringify(change(JSON.parse(text) as never), null, 2)}\n`);
  /** Makes the digests right again, as a careful hand would. */
  seal = () =>
    this.json("verdicts.json", (file: VerdictsFile) => {
      const files = Object.entries(digestsOf(this.folder)).sort(([a], [b]) => (a < b ? -1 : 1));
      return { ...file, files: Object.fromEntries(files) };
    });
}

const planOf = (name: string) => plan.scenarios.find((one) => one.name === name)!;
/** The body of another scenario under the header that the plan asks for. */
const bodyOf = (name: string, as: string) => `${JSON.stringify(headerFor(planOf(as), plan))}\n${recorded(name).lines}`;
const ways: [what: string, edit: (at: Edited) => void, says: RegExp][] = [
  [
    "a fault history replaced by one without a fault",
    (at) => at.write(kill, at.text(look)),
    /is not the planned one: its suite/,
  ],
  [
    "the same, with the header that the plan asks for",
    (at) => at.write(kill, bodyOf("steady-look", "fail-1-kill")),
    /FAIL-1 was kept and is unknown/,
  ],
  [
    "the same, with no planned fault in the header",
    (at) => {
      at.write(kill, bodyOf("steady-look", "fail-1-kill"));
      at.header(kill, (header) => ({ ...header, plannedFaults: [] }));
    },
    /planned faults is \[\]/,
  ],
  [
    "another fault in the place of the planned one",
    (at) => at.edit(kill, (text) => text.replaceAll('"fault":"kill"', '"fault":"stop"')),
    /planned faults/,
  ],
  [
    "another node in what was injected",
    (at) =>
      at.edit(kill, (text) =>
        text.replace('"detail":{"fault":"kill","node":"alpha"', '"detail":{"fault":"kill","node":"beta"'),
      ),
    /fault 1 was planned as/,
  ],
  ["another seed in a header", (at) => at.header(kill, (header) => ({ ...header, seed: 7 })), /its seed is 7/],
  ["another repeat in a header", (at) => at.header(kill, (header) => ({ ...header, repeat: 2 })), /its repeat is 2/],
  [
    "the calls of another seed",
    (at) => at.edit(kill, (text) => text.replaceAll(`"${planOf("fail-1-kill").seed}-client`, '"7-client')),
    /calls of another seed/,
  ],
  [
    "an entry less in a header",
    (at) => at.header(kill, (header) => ({ ...header, entries: ["FAIL-1"] })),
    /its entries is \["FAIL-1"\]/,
  ],
  [
    "bounds of a header set to nothing",
    (at) => at.header(kill, (header) => ({ ...header, bounds: { loadFloorPerS: 0, failoverMaxS: 1e9 } })),
    /its bounds is/,
  ],
  [
    "another zone in a header",
    (at) => at.header(kill, (header) => ({ ...header, zone: { ...(header["zone"] as object), spec: {} } })),
    /its zone is/,
  ],
  [
    "lost lines of calls",
    (at) =>
      at.edit(kill, (text) =>
        text
          .split("\n")
          .filter((line) => !/"op":\d+0010\d,/.test(line))
          .join("\n"),
      ),
    /clients counted \d+ calls invoked, and the history holds \d+/,
  ],
];

describe("a folder as the run left it", () => {
  it("agrees with itself", () => {
    const { differences, notes, file } = checkFolder(whole);
    expect({ differences, notes }).toEqual({ differences: [], notes: [] });
    expect(file.entries.find(({ id }) => id === "FAIL-1")?.verdict).toBe("kept");
  });

  it("is written again without a change", () => {
    const { folder, text } = new Edited();
    const before = ["verdicts.json", "report.html", "junit.xml", "summary.md"].map(text);
    checkFolder(folder, true);
    expect(["verdicts.json", "report.html", "junit.xml", "summary.md"].map(text)).toEqual(before);
  });
});

describe("a folder with", () => {
  it.each(ways)("%s is noticed by its digest", (_what, edit) => {
    const at = new Edited();
    edit(at);
    const { differences, file } = checkFolder(at.folder);
    expect(differences[0]).toBe(`${kill} was changed after the run`);
    // Only what the untouched scenario decides alone.
    const isOfKill = (id: string) => planOf("fail-1-kill").entries.includes(id);
    expect(file.entries.filter(({ id, verdict }) => verdict === "kept" && isOfKill(id))).toEqual([]);
  });

  it.each(ways)("%s is noticed without its digest", (_what, edit, says) => {
    const at = new Edited();
    edit(at);
    at.seal();
    const { differences, file } = checkFolder(at.folder);
    expect(`${differences.join("\n")}\n${JSON.stringify(file.entries)}`).toMatch(says);
    expect(file.entries.find(({ id }) => id === "FAIL-1")?.verdict).not.toBe("kept");
    expect(differences).not.toEqual([]);
  });
});

describe("bounds of the plan", () => {
  const bounds = (at: Edited, change: Partial<RunPlan["bounds"]>) => {
    for (const name of ["plan.json", "run.json"])
      at.json(name, (value: RunPlan) => ({ ...value, bounds: { ...value.bounds, ...change } }));
    at.seal();
  };

  it("set to nothing are refused", () => {
    const at = new Edited();
    bounds(at, { failoverMaxS: 1e300 });
    expect(() => checkFolder(at.folder)).toThrow(/failoverMaxS is 1e\+300; expected 10 to 120/);
  });

  it("moved without a profile decide nothing", () => {
    const at = new Edited();
    bounds(at, { failoverMaxS: 60 });
    const { file } = checkFolder(at.folder);
    expect(file.entries.every(({ verdict }) => verdict === "unknown")).toBe(true);
  });
});

describe("the plan", () => {
  const replan = (at: Edited, change: (one: RunPlan["scenarios"][number]) => object) =>
    at.json("plan.json", (value: RunPlan) => ({
      ...value,
      scenarios: value.scenarios.map((one) => ({ ...one, ...change(one) })),
    }));

  it("with other faults than the scenario of that name has decides nothing", () => {
    const at = new Edited();
    replan(at, () => ({ faults: [] }));
    at.write(kill, bodyOf("steady-look", "fail-1-kill"));
    at.header(kill, (header) => ({ ...header, plannedFaults: [] }));
    at.seal();
    const fail1 = checkFolder(at.folder).file.entries.find(({ id }) => id === "FAIL-1");
    expect(fail1).toMatchObject({ verdict: "unknown" });
    expect(fail1?.because).toContain("the plan holds another");
  });

  it("of another version is compared with itself, and that is said", () => {
    const at = new Edited();
    at.json("plan.json", (value: RunPlan) => ({ ...value, harness: "another" }));
    at.seal();
    const { differences, notes } = checkFolder(at.folder);
    expect(differences).toEqual([]);
    expect(notes.join()).toContain("another version of the harness wrote this folder");
  });

  it("that was changed makes every entry unknown, and its excuses void", () => {
    const at = new Edited();
    at.json("plan.json", (value: RunPlan) => ({
      ...value,
      profile: { notApplicable: [{ entry: "FAIL-1", reason: "there is none" }], waivers: [] },
    }));
    const { file } = checkFolder(at.folder);
    expect(new Set(file.entries.map(({ verdict }) => verdict))).toEqual(new Set(["unknown"]));
  });

  it("without an entry that the run judged is noticed", () => {
    const at = new Edited();
    at.json("plan.json", (value: RunPlan) => ({ ...value, entries: value.entries.filter((id) => id !== "FAIL-1") }));
    at.seal();
    expect(checkFolder(at.folder).differences.join()).toContain("FAIL-1 was kept and is unknown");
  });
});

describe("what the reports show", () => {
  it.each([
    ["report.html", "kept", "broken"],
    ["junit.xml", "<testcase", "<testcase forged=''"],
    ["summary.md", "kept", "grand"],
    ["verdicts.json", '"promise": "', '"promise": "not '],
    ["verdicts.json", '"because": "', '"because": "not '],
    ["verdicts.json", '"runs": 1', '"runs": 100'],
  ])("a forged %s is named, whether its digest fits or not", (name, from, to) => {
    for (const isSealed of [false, true]) {
      const at = new Edited();
      at.edit(name, (text) => text.replace(from, to));
      if (isSealed) at.seal();
      const { differences, file } = checkFolder(at.folder);
      expect(differences.join("\n")).toContain(name);
      expect(file.entries.find(({ id }) => id === "FAIL-1")?.verdict).toBe("kept");
      checkFolder(at.folder, true);
      expect(checkFolder(at.folder).differences).toEqual([]);
    }
  });

  it("is not washed clean by --write when the evidence was changed", () => {
    const at = new Edited();
    at.edit(look, (text) => `${text}\n`);
    checkFolder(at.folder, true);
    expect(checkFolder(at.folder).differences).toContain(`${look} was changed after the run`);
  });

  it("without digests decides nothing", () => {
    const at = new Edited();
    at.json("verdicts.json", ({ files: _, ...file }: VerdictsFile) => file);
    expect(checkFolder(at.folder).file.entries.every(({ verdict }) => verdict === "unknown")).toBe(true);
  });
});

describe("files and folders", () => {
  it("that are missing or added are named", () => {
    const at = new Edited();
    rmSync(join(at.folder, look));
    rmSync(join(at.folder, "jest.log"));
    at.write("notes.txt", "mine");
    expect(checkFolder(at.folder).differences).toEqual(
      expect.arrayContaining([`${look} is missing`, "jest.log is missing", "notes.txt was added after the run"]),
    );
  });

  it("of an unplanned run are judged: two active nodes there are broken here", () => {
    const at = new Edited();
    const dual = cases.find((one) => one.entry === "DUAL-0" && one.verdict === "broken")!;
    mkdirSync(join(at.folder, "scenarios/fail-1-kill-2"));
    at.write("scenarios/fail-1-kill-2/history.jsonl", encodeHistory(historyOf(dual)));
    at.seal();
    const { file, differences } = checkFolder(at.folder);
    expect(differences).toContain("scenarios/fail-1-kill-2 is no scenario of the plan");
    expect(file.entries.find(({ id }) => id === "DUAL-0")).toMatchObject({ verdict: "broken" });
  });

  it("that changed places are both named", () => {
    const at = new Edited();
    const [one, other] = ["scenarios/fail-1-kill-1", "scenarios/steady-look-1"].map((name) => join(at.folder, name));
    renameSync(one!, join(root, "aside"));
    renameSync(other!, one!);
    renameSync(join(root, "aside"), other!);
    at.seal();
    const { file } = checkFolder(at.folder);
    expect(file.entries.every(({ verdict }) => verdict === "unknown")).toBe(true);
  });

  it("may not grow behind the report", () => {
    const at = new Edited();
    appendFileSync(join(at.folder, "jest.log"), "more\n");
    mkdirSync(join(at.folder, "scenarios/empty"));
    expect(checkFolder(at.folder).differences.slice(0, 2)).toEqual([
      "jest.log was changed after the run",
      "scenarios/empty is no scenario of the plan",
    ]);
  });
});
