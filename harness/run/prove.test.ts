// Which mutants a selection names, and which findings a proof rests on.

import { describe, expect, it } from "@jest/globals";
import { scenarioNamed } from "#spec/scenarios/index.ts";
import type { Finding } from "#spec/verdict.ts";
import { mutantNames, readMutant } from "./mutants.ts";
import { findingsThatCount, selectMutants } from "./prove.ts";
import { entryIds } from "./read-catalogue.ts";

describe("a selection of mutants", () => {
  it("is by suite and entry, and all without either", () => {
    expect(selectMutants([], []).length).toBeGreaterThan(90);
    expect(selectMutants(["failure"], ["FAIL-1"]).map(({ entry }) => entry)).toContain("FAIL-1");
  });

  it("takes the name of a mutant, so that one of several of an entry can run alone", () => {
    const words = entryIds(["time-1-no-hold-down", "alpha-isolated"], mutantNames());
    const names = selectMutants([], words).map(({ name }) => name);
    expect(names).toContain("time-1-no-hold-down");
    expect(names).not.toContain("time-1-hold-down-40-s");
    expect(names.filter((name) => name.startsWith("fail-5"))).not.toEqual([]);
  });

  it("is refused when one of its words names no mutant, even if another one does", () => {
    expect(() => selectMutants(["failure", "typo"], [])).toThrow(/unknown suite "typo"/);
    expect(() => selectMutants([], ["FAIL-1", "NET-99"])).toThrow(/no mutant for NET-99/);
    expect(() => selectMutants(["failure"], ["FAIL-1", "SEC-1"])).toThrow(/for SEC-1 in suite failure/);
  });
});

describe("the findings that a proof rests on", () => {
  const broken = (entry: string): Finding => ({ entry, verdict: "broken", because: "x", measured: {}, events: [] });
  const entriesOf = (found: Finding[]) => found.map(({ entry }) => entry);

  it("always hold those of the mutant's own entry, in every scenario of every mutant", () => {
    for (const mutant of mutantNames().map(readMutant))
      for (const name of mutant.scenarios) {
        const found = findingsThatCount([broken(mutant.entry)], mutant, scenarioNamed(mutant.suite, name));
        expect({ mutant: mutant.name, name, entries: entriesOf(found) }).toEqual({
          mutant: mutant.name,
          name,
          entries: [mutant.entry],
        });
      }
  });

  it("leave out what a rule that is asked everywhere found beside it", () => {
    const scenario = scenarioNamed("failure", "fail-1-kill");
    const found = findingsThatCount([broken("FAIL-1"), broken("NET-5")], { entry: "FAIL-1" }, scenario);
    expect(entriesOf(found)).toEqual(["FAIL-1"]);
  });
});
