// Which mutants a selection names.

import { describe, expect, it } from "@jest/globals";
import { selectMutants } from "./prove.ts";

describe("a selection of mutants", () => {
  it("is by suite and entry, and all without either", () => {
    expect(selectMutants([], []).length).toBeGreaterThan(90);
    expect(selectMutants(["failure"], ["FAIL-1"]).map(({ entry }) => entry)).toContain("FAIL-1");
  });

  it("is refused when one of its words names no mutant, even if another one does", () => {
    expect(() => selectMutants(["failure", "typo"], [])).toThrow(/unknown suite "typo"/);
    expect(() => selectMutants([], ["FAIL-1", "NET-99"])).toThrow(/no mutant for NET-99/);
    expect(() => selectMutants(["failure"], ["FAIL-1", "SEC-1"])).toThrow(/for SEC-1 in suite failure/);
  });
});
