// The figures of an entry over its runs: sums of what was lost, the worst of what was measured, spreads of times.

import { describe, expect, it } from "@jest/globals";
import type { Figures } from "#spec/figures.ts";
import type { EntryVerdict, VerdictName } from "#spec/verdict.ts";
import { entryFigures, spreadOf } from "./entry-figures.ts";

type Runs = EntryVerdict["scenarios"];

/** A run for each set of figures. */
function runsOf(...all: readonly (Figures & { verdict?: VerdictName })[]): Runs {
  return all.map(({ verdict = "kept", ...measured }, place) => ({
    entry: "any",
    verdict,
    because: "",
    measured,
    events: [],
    scenario: "one",
    repeat: place + 1,
    history: "",
  }));
}

describe("the figures of an entry", () => {
  it("count its runs by verdict, without those to which it does not apply", () => {
    const verdicts = ["kept", "broken", "broken", "unknown", "not-applicable"] as const;
    expect(entryFigures("ROLE-1", runsOf(...verdicts.map((verdict) => ({ verdict }))))).toEqual({
      runs: 4,
      kept: 1,
      broken: 2,
      unknown: 1,
    });
  });

  it("are the largest of each number, where the entry has no figures of its own", () => {
    const figures = entryFigures("ROLE-1", runsOf({ outS: 3, way: "kill" }, { outS: 7 }, { lost: 0 }));
    expect(figures).toEqual({ runs: 3, kept: 3, broken: 0, unknown: 0, outSMost: 7, lostMost: 0 });
  });

  it("of RPC-1 leave out the least share when no consumer was served anything", () => {
    expect(entryFigures("RPC-1", runsOf({ fetches: 3 })).servedPercentLeast).toBeNull();
    const served = runsOf({ servedPercent: { a: 100, b: 98 } }, { fetches: 3 });
    expect(entryFigures("RPC-1", served).servedPercentLeast).toBe(98);
  });

  it("of DUAL-0 are the longest overlaps and the closest approach", () => {
    const [one, two] = [
      { overlapMs: 2, uncertaintyMs: 9, closestApproachMs: 40, vipOverlapMs: 1, interleavedAnswers: 1 },
      { overlapMs: 5, uncertaintyMs: 4, closestApproachMs: 30, vipOverlapMs: 3, interleavedAnswers: 2 },
    ];
    expect(entryFigures("DUAL-0", runsOf(one, two))).toMatchObject({
      overlapMs: 5,
      overlapUpperBoundMs: null,
      uncertaintyMs: 9,
      closestApproachMs: 30,
      vipOverlapMs: 3,
      interleavedAnswers: 3,
    });
  });

  it("of DUR-6 are sums over all runs", () => {
    const lost = { lost: 3, lostPrefix: 1, lostMiddle: 1, lostTail: 1, altered: 2 };
    const run = { acknowledged: 10, duplicates: 4, infoStored: 5, infoAbsent: 6 };
    expect(entryFigures("DUR-6", runsOf({ ...run, ...lost }, run))).toMatchObject({
      ...lost,
      acknowledged: 20,
      duplicates: 8,
      infoStored: 10,
      infoAbsent: 12,
    });
  });

  it.each(["DUR-7", "DUR-8"])("of %s show the poorest load and the oldest loss", (id) => {
    const runs = runsOf(
      {
        acknowledged: 5,
        acknowledgedPerS: 80,
        lost: 1,
        powerSpreadMs: 3,
        lostAgeS: { youngest: 1, median: 2, oldest: 4 },
      },
      { acknowledged: 6, acknowledgedPerS: 60, lost: 2, powerSpreadMs: 2, lostBeforeASurvivor: 1 },
    );
    expect(entryFigures(id, runs)).toMatchObject({
      acknowledged: 11,
      acknowledgedPerSLeast: 60,
      lost: 3,
      lostBeforeASurvivor: 1,
      oldestLostS: 4,
      powerSpreadMs: 3,
    });
  });

  it("of DUR-9 are the medians of each tier", () => {
    const standard = [3, 1, 2].map((p50Ms) => ({ tier: "standard", p50Ms, p99Ms: 10 * p50Ms, factsPerS: 100 }));
    const critical = { tier: "critical", p50Ms: 8, factsPerS: 20, unanswered: 1 };
    const figures = entryFigures("DUR-9", runsOf(...standard, critical));
    expect(figures.byTier).toEqual({
      critical: { factsPerS: 20, p50Ms: 8, p99Ms: null, unanswered: 1 },
      standard: { factsPerS: 100, p50Ms: 2, p99Ms: 20, unanswered: null },
    });
    expect(Object.keys(figures.byTier!)).toEqual(["critical", "standard"]);
  });

  it("of TIME-1 leave out runs without a time, and give no share when one is outside the bound", () => {
    const phases = { vipMs: 5, gatesMs: 4, startMs: null, answerMs: 1 };
    const figures = entryFigures(
      "TIME-1",
      runsOf(
        { failoverS: 10, way: "kill", phases },
        { failoverS: 12, way: "kill" },
        { way: "cut", verdict: "unknown" },
      ),
    );
    expect(figures).toMatchObject({ n: 2, minS: 10, medianS: 11, maxS: 12, phases });
    expect(Object.keys(figures.byWay!)).toEqual(["kill"]);
    expect(figures.decision).toBe("2 of 3 failovers inside the bound");
    expect(entryFigures("TIME-1", []).decision).toBe("0 of 0 failovers inside the bound");
  });
});

describe("a spread", () => {
  it("is empty without a number", () => {
    expect(spreadOf([])).toEqual({ n: 0 });
  });

  it("of one number is that number", () => {
    expect(spreadOf([7])).toEqual({ n: 1, minS: 7, medianS: 7, p95S: 7, maxS: 7 });
  });

  it("sorts by value, and rounds the middle of two to three decimals", () => {
    expect(spreadOf([10, 9, 1.0005, 2.0002])).toEqual({ n: 4, minS: 1.0005, medianS: 5.5, p95S: 10, maxS: 10 });
  });

  it("takes the 95th percentile by nearest rank", () => {
    const values = Array.from({ length: 40 }, (_, place) => 40 - place);
    expect(spreadOf(values)).toMatchObject({ medianS: 20.5, p95S: 38, maxS: 40 });
  });
});
