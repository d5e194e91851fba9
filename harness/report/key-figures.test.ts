// The phrases beside a verdict: lost facts and the cost of each tier, from the figures of several runs.

import { describe, expect, it } from "@jest/globals";
import { entryFigures } from "#checkers/entry-figures.ts";
import type { Figures } from "#spec/figures.ts";
import type { EntryVerdict } from "#spec/verdict.ts";
import { keyFigures } from "./key-figures.ts";

const run = (measured: Figures): EntryVerdict["scenarios"][number] => ({
  entry: "",
  verdict: "kept",
  because: "",
  measured,
  events: [],
  scenario: "s",
  repeat: 1,
  history: "",
});
const phrases = (id: string, ...measured: Figures[]) =>
  keyFigures({ id, measured: entryFigures(id, measured.map(run)) });

describe("the phrases beside a verdict", () => {
  it("show one phrase per tier, with the median of its repeats", () => {
    const critical = [300, 500, 400].map((factsPerS) => ({
      tier: "critical",
      factsPerS,
      p50Ms: 40,
      p99Ms: 90,
      unanswered: 0,
    }));
    expect(
      phrases("DUR-9", { tier: "standard", factsPerS: 900, p50Ms: 20.04, p99Ms: 61, unanswered: 3 }, ...critical),
    ).toEqual(["critical 400/s, p50 40.0 ms, p99 90.0 ms", "standard 900/s, p50 20.0 ms, p99 61.0 ms, 3 unanswered"]);
  });

  it("say how exactly the times of active nodes are known, and the shortest gap between two", () => {
    const apart = { overlapMs: 0, uncertaintyMs: 9.2, closestApproachMs: 6423.521 };
    expect(phrases("DUAL-0", apart, { ...apart, uncertaintyMs: 10.204 })).toEqual([
      "2 runs",
      "overlap 0 ms",
      "times exact to 11 ms",
      "shortest gap between two active nodes 6.4 s",
    ]);
    expect(phrases("DUAL-0", { ...apart, closestApproachMs: 420.9 }).at(-1)).toBe(
      "shortest gap between two active nodes 420 ms",
    );
  });

  it("sum the losses of a power loss, with the age of the oldest and the number before the tail", () => {
    const loss = { acknowledged: 10_000, acknowledgedPerS: 700, lost: 9_000, lostBeforeASurvivor: 0 };
    const worse = {
      ...loss,
      acknowledgedPerS: 600,
      lostBeforeASurvivor: 2,
      lostAgeS: { youngest: 1, median: 5, oldest: 12.34 },
    };
    expect(phrases("DUR-8", loss, worse)).toEqual([
      "2 runs",
      "20000 acknowledged",
      "600 a second",
      "18000 lost",
      "2 before the tail",
      "oldest 12.3 s old",
    ]);
  });
});
