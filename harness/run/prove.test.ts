// Which mutants a selection names.

import { describe, expect, it } from "@jest/globals";
import { mutantNames } from "./mutants.ts";
import { selectMutants } from "./prove.ts";
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
