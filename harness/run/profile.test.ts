// What a profile may say, what is refused, and that neither a waiver nor an excuse blinds anything else.

import { afterEach, describe, expect, it } from "@jest/globals";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cases, historyOf } from "#corpus/cases/index.ts";
import { encodeHistory } from "#history/codec.ts";
import { exitCodeOf } from "#report/exit-code.ts";
import type { AssertionRow } from "#spec/figures.ts";
import { isExpired } from "#spec/profile.ts";
import { defaultBounds, type Finding, isPassing, mergedVerdict, standingOf } from "#spec/verdict.ts";
import { stateOf, withWaivers } from "#spec/waivers.ts";
import { judgeFolder } from "./judge-folder.ts";
import { profileOf, readProfile } from "./profile.ts";
import { request as wholeRequest } from "./fakes/saved-folder.ts";
import { planRun } from "./make-plan.ts";
import { type RunPlan, scenarioFolder } from "./plan.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const startedAt = "2026-11-24T10:00:00.000Z";
const waiver = {
  entry: "FAIL-1",
  signature: "beta stayed active",
  reason: "ticket 12, mended in 2.1",
  expires: "2026-12-31",
};
const finding = (verdict: Finding["verdict"], because = "x", entry = "FAIL-1"): Finding => ({
  entry,
  verdict,
  because,
  measured: {},
  events: [],
});
const request = { ...wholeRequest, suites: ["failure"] };

describe("a profile", () => {
  it.each(readdirSync(join(fixtures, "profiles")))("%s, an example, is accepted", (name) => {
    expect(readProfile(join(fixtures, "profiles", name))).toMatchObject({ bounds: expect.any(Object) });
  });

  it("that says nothing changes nothing", () => {
    expect(profileOf("", "p")).toEqual({ bounds: {}, notApplicable: [], waivers: [] });
  });

  it("may name entries by their slugs", () => {
    const text = `notApplicable: [{entry: artifact-back-from-peer, reason: a long enough reason}]
waivers: [{entry: alpha-fails, reason: a long enough reason, signature: beta stayed active, expires: 2026-12-31}]`;
    expect(profileOf(text, "p")).toMatchObject({ notApplicable: [{ entry: "STO-4" }], waivers: [{ entry: "FAIL-1" }] });
  });

  const waived = (fields: string) => `waivers: [{entry: FAIL-1, reason: a long enough reason, ${fields}}]`;
  it.each([
    ["an entry that the catalogue lacks", "notApplicable: [{entry: FAIL-99, reason: a long enough reason}]"],
    ["an entry that applies to every zone", "notApplicable: [{entry: DUAL-0, reason: a long enough reason}]"],
    ["an excuse without a reason", "notApplicable: [{entry: STO-4}]"],
    ["a waiver without an end", waived("signature: lost the VIP")],
    ["a waiver that ends on no day", waived("signature: lost the VIP, expires: 2026-02-30")],
    ["a signature that fits everything", waived("signature: .*, expires: 2026-12-31")],
    ["a signature that fits every sentence", waived("signature: '[a-z]', expires: 2026-12-31")],
    ["a signature that is no regular expression", waived("signature: '(', expires: 2026-12-31")],
    ["a signature of one word", waived("signature: active, expires: 2026-12-31")],
    ["a list of words as its signature", waived("signature: alpha|beta|gamma|VIP|claimed|fact, expires: 2026-12-31")],
    ["a signature whose words may be left out", waived("signature: 'active( after all of it)?', expires: 2026-12-31")],
    ["a signature of one word among anything", waived("signature: '.*active.*', expires: 2026-12-31")],
    ["a waiver for longer than a year", waived("signature: lost the VIP for good, expires: 9999-01-01")],
    [
      "a waiver of two active nodes",
      waived("signature: were both active, expires: 2026-12-31").replace("FAIL-1", "DUAL-0"),
    ],
    ["a waiver of lost facts", waived("signature: facts were lost, expires: 2026-12-31").replace("FAIL-1", "DUR-7")],
    ["a bound of any size", "bounds: {failoverMaxS: 1.0e+300}"],
    ["a negative bound", "bounds: {outageMaxMs: -1}"],
    ["a bound of nothing", "bounds: {lossFactsMin: 0.001}"],
    ["bounds that contradict each other", "bounds: {failoverMinS: 30, failoverMaxS: 10}"],
    ["a bound that is no number", "bounds: {failoverMaxS: .nan}"],
    ["a field that is not known", "waiver: []"],
  ])("with %s is refused", (_what, text) => {
    expect(() => profileOf(text, "p")).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^usage\/(?:bad-value|unknown-entry)$/) }),
    );
  });
});

describe("a profile of a wrong shape", () => {
  it.each([
    ["bounds:\n  failoverMaxS: [1,2\n", /^--profile p: Flow sequence .* at line 3, column 1$/],
    ["bounds: {failoverMaxS: soon}", /^--profile p: bounds\.failoverMaxS: Invalid input: expected number/],
    ["bonds: {}", /^--profile p: the whole: Unrecognized key: "bonds"$/],
    ["- 1", /^--profile p: the whole: Invalid input: expected object/],
    ["waivers: [{}, {}]", /^--profile p: waivers\.0\.entry: .*; waivers\.0\.signature: .*; and 5 more$/],
  ])("%j is told in one line that names the place", (text, message) => {
    expect(() => profileOf(text, "p")).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message), expected: expect.stringMatching(/fixtures/) }),
    );
  });
});

describe("a waiver", () => {
  it("marks the broken finding that its signature names and leaves the verdict", () => {
    const [one] = withWaivers([finding("broken", "beta stayed active")], [waiver], startedAt);
    expect(one).toMatchObject({ verdict: "broken", waived: waiver });
  });

  it.each([
    ["another way of breaking the entry", finding("broken", "beta never answered")],
    ["another entry", finding("broken", "beta stayed active", "FAIL-2")],
    ["what could not be judged", finding("unknown", "beta stayed active")],
  ])("leaves %s as it is", (_what, one) => {
    expect(withWaivers([one], [waiver], startedAt)).toEqual([one]);
  });

  it.each<[string, AssertionRow["verdict"], string]>([
    ["another broken assertion", "broken", "beta lost a fact"],
    ["an assertion that could not be decided", "unknown", "beta stayed active"],
  ])("does not hide %s in the same finding", (_what, verdict, says) => {
    const assertions: AssertionRow[] = [
      { says: "beta stayed active", verdict: "broken", saw: "it stopped" },
      { says, verdict, saw: "" },
    ];
    const one = { ...finding("broken", 'it stopped; expected "beta stayed active"'), measured: { assertions } };
    expect(withWaivers([one], [waiver], startedAt)).toEqual([one]);
    const rest = { ...waiver, signature: "beta lost a fact" };
    expect(withWaivers([one], [waiver, rest], startedAt)[0]).toHaveProperty("verdict", "broken");
    expect("waived" in withWaivers([one], [waiver, rest], startedAt)[0]!).toBe(verdict === "broken");
  });

  it("that matches two assertions of a finding names neither", () => {
    const says = ["beta stayed active", "beta stayed active for longer"];
    const assertions = says.map((one): AssertionRow => ({ says: one, verdict: "broken", saw: "it stopped" }));
    const one = { ...finding("broken", 'it stopped; expected "beta stayed active"'), measured: { assertions } };
    expect(withWaivers([one], [waiver], startedAt)).toEqual([one]);
  });

  it.each([
    ["of an entry that no profile waives", { entry: "DUAL-0", signature: "alpha and beta were both active" }],
    ["that ends too late", { expires: "2027-11-30" }],
    ["of one word", { signature: "active" }],
  ])("%s has no effect, however it came into the plan", (_what, differs) => {
    const wide = { ...waiver, ...differs };
    const one = finding("broken", "alpha and beta were both active: beta stayed active", wide.entry);
    expect(withWaivers([one], [wide], startedAt)).toEqual([one]);
    expect(stateOf(wide, [], startedAt)).toBe("refused");
  });

  it("holds on its last day, and waives nothing from the next", () => {
    expect(isExpired(waiver, "2026-12-31T23:59:59.000Z")).toBe(false);
    const [one] = withWaivers([finding("broken", "beta stayed active")], [waiver], "2027-01-01T00:00:00.000Z");
    expect(one).not.toHaveProperty("waived");
    expect(stateOf(waiver, [], "2027-01-01T00:00:00.000Z")).toBe("expired");
    expect(stateOf(waiver, [], startedAt)).toBe("unused");
  });
});

describe("an entry with waived runs", () => {
  const waived = { ...finding("broken"), waived: waiver };
  it.each([
    ["alone", [waived], "waived"],
    ["beside kept ones", [waived, finding("kept")], "waived"],
    ["beside one that broke it otherwise", [waived, finding("broken")], "broken"],
    ["beside one that could not be judged", [waived, finding("unknown")], "unknown"],
  ] as const)("%s is judged as it stands", (_what, findings, standing) => {
    const merged = mergedVerdict(findings);
    expect(standingOf(merged)).toBe(standing);
    expect(isPassing(merged)).toBe(standing === "waived");
  });

  it("turns no exit code red, and cannot make a run green in which nothing was kept", () => {
    const entry = { verdict: "broken", waived: waiver } as const;
    expect(exitCodeOf([entry, { verdict: "kept" }])).toBe(0);
    expect(exitCodeOf([entry])).toBe(2);
    expect(exitCodeOf([entry, { verdict: "broken" }])).toBe(1);
  });
});

describe("a plan under a profile", () => {
  const profile = (...entries: string[]) => ({
    path: "p.yaml",
    notApplicable: entries.map((entry) => ({ entry, reason: "there is no such thing here" })),
    waivers: [waiver],
  });

  it("neither provokes nor judges what does not apply, and still names it", () => {
    const plan = planRun({ ...request, profile: profile("FAIL-3") });
    expect(plan.scenarios.filter(({ entries }) => entries.includes("FAIL-3"))).toEqual([]);
    expect(plan.entries).toContain("FAIL-3");
    expect(plan.command).toContain("--profile p.yaml");
    expect(plan.profile).toEqual({ notApplicable: profile("FAIL-3").notApplicable, waivers: [waiver] });
  });

  it("keeps a scenario that another entry asks for", () => {
    const names = planRun({ ...request, profile: profile("TIME-1") }).scenarios.map(({ name }) => name);
    expect(names).toContain("fail-1-kill");
  });

  it("is refused when it leaves nothing to run", () => {
    expect(() => planRun({ ...request, only: ["FAIL-7"], profile: profile("FAIL-7") })).toThrow(
      /excludes every selected scenario/,
    );
  });

  it("without one is what it was", () => {
    expect(planRun(request)).not.toHaveProperty("profile");
  });
});

describe("a saved run judged under its profile", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** A folder with one scenario, alpha preempting, and a plan with these declarations. */
  function saved(declared: Partial<NonNullable<RunPlan["profile"]>>): { folder: string; plan: RunPlan } {
    const folder = mkdtempSync(join(tmpdir(), "triad-profile-"));
    folders.push(folder);
    const planned = { name: "fail-1-kill", suite: "failure", repeat: 1, seed: 1, entries: ["FAIL-1", "DUR-6"] };
    const path = join(folder, scenarioFolder(planned));
    mkdirSync(path, { recursive: true });
    const preempts = cases.find((one) => one.entry === "FAIL-1" && one.name === "alpha-preempts")!;
    const { header, events } = historyOf(preempts);
    const { name: scenario, suite, entries } = planned;
    const bounds = { ...defaultBounds, ...header.bounds };
    // Histories of the corpus have no look at the client's neighbour entry, unless the case is about it.
    delete (bounds as Partial<typeof bounds>).neighbourAgeMaxMs;
    writeFileSync(
      join(path, "history.jsonl"),
      encodeHistory({ header: { ...header, scenario, suite, entries, bounds }, events }),
    );
    const plan: RunPlan = {
      ...planRun(request),
      harness: "another",
      bounds,
      startedAt,
      profile: { notApplicable: [], waivers: [], ...declared },
      entries: ["DUR-6", "FAIL-1", "STO-4"],
      scenarios: [planned],
    };
    writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
    return { folder, plan: JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")) as RunPlan };
  }
  const standings = ({ folder, plan }: ReturnType<typeof saved>) =>
    Object.fromEntries(judgeFolder(folder, plan).map((entry) => [entry.id, standingOf(entry)]));

  it("is red without a waiver, and waived by the example that names all that went wrong", () => {
    const { waivers } = readProfile(join(fixtures, "profiles/known-fault.yaml"));
    expect(standings(saved({}))).toMatchObject({ "DUR-6": "kept", "FAIL-1": "broken", "STO-4": "unknown" });
    expect(standings(saved({ waivers }))["FAIL-1"]).toBe("waived");
  });

  it("stays red under a waiver that names some of it, or is expired", () => {
    const known = readProfile(join(fixtures, "profiles/known-fault.yaml")).waivers;
    const ended = known.map((one) => ({ ...one, expires: "2026-11-23" }));
    expect(standings(saved({ waivers: [waiver] }))["FAIL-1"]).toBe("broken");
    expect(standings(saved({ waivers: ended }))["FAIL-1"]).toBe("broken");
  });

  it("gives the profile's reason for what does not apply, and no way to hide what was seen broken", () => {
    const reason = "there is no peer zone";
    const run = saved({
      notApplicable: [
        { entry: "STO-4", reason },
        { entry: "FAIL-1", reason },
      ],
    });
    expect(standings(run)).toMatchObject({ "STO-4": "not-applicable", "FAIL-1": "broken" });
    expect(judgeFolder(run.folder, run.plan).find(({ id }) => id === "STO-4")?.because).toContain(reason);
  });
});
