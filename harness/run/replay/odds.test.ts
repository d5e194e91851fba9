// The shares of a replay and their intervals.

import { describe, expect, it } from "@jest/globals";
import type { EntryVerdict, VerdictName } from "#spec/verdict.ts";
import { addOdds, oddsOf, shareText, wilson } from "./odds.ts";

describe("Wilson's interval", () => {
  it.each([
    [0, 10, 0, 0.278],
    [1, 10, 0.018, 0.404],
    [5, 10, 0.237, 0.763],
    [10, 10, 0.722, 1],
    [15, 148, 0.062, 0.16],
    [0, 0, 0, 1],
  ])("of %d of %d goes from %d to %d", (count, of, from, to) => {
    const share = wilson(count, of);
    expect([share.from.toFixed(3), share.to.toFixed(3)]).toEqual([from.toFixed(3), to.toFixed(3)]);
  });

  it("is told in percent", () => {
    expect(shareText(wilson(10, 10))).toBe("10 of 10 (72 to 100%)");
  });
});

const run = (scenario: string, repeat: number, verdict: VerdictName) => ({
  scenario,
  repeat,
  verdict,
  entry: "DUR-6",
  because: "",
  measured: {},
  events: [],
  history: `scenarios/${scenario}-${repeat}/history.jsonl`,
});
const entry = (...scenarios: ReturnType<typeof run>[]): EntryVerdict => ({
  id: "DUR-6",
  verdict: "broken",
  promise: "",
  because: "",
  measured: {} as EntryVerdict["measured"],
  scenarios,
});

describe("the odds of an entry", () => {
  const red = entry(run("a", 3, "broken"), run("a", 1, "kept"), run("a", 2, "broken"), run("b", 1, "unknown"));

  it("are counted for each scenario, and name the first red run", () => {
    const [ofA, ofB] = oddsOf([red]);
    expect(ofA).toMatchObject({ scenario: "a", kept: { count: 1, of: 3 }, broken: { count: 2, of: 3 } });
    expect(ofA?.firstBroken).toBe("scenarios/a-2/history.jsonl");
    expect(ofB).toMatchObject({ scenario: "b", unknown: { count: 1, of: 1 } });
    expect(ofB?.firstBroken).toBeUndefined();
  });

  it("of several attempts are one count", () => {
    const green = oddsOf([entry(run("a", 1, "kept"))]);
    const [both] = addOdds(green, oddsOf([entry(run("a", 1, "broken"))]));
    expect(both).toMatchObject({ kept: { count: 1, of: 2 }, broken: { count: 1, of: 2 } });
  });
});
