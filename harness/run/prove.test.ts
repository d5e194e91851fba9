// Claims about which seeded zones a selection asks for.

import { describe, expect, it } from "@jest/globals";
import { selectMutants } from "./prove.ts";

describe("a selection of seeded zones", () => {
  it("is by suite and entry, and all without either", () => {
    expect(selectMutants([], []).length).toBeGreaterThan(90);
    expect(selectMutants(["failure"], ["FAIL-1"]).map(({ entry }) => entry)).toContain("FAIL-1");
  });

  it("is refused where one of its words names nothing, also when another one does", () => {
    expect(() => selectMutants(["failure", "typo"], [])).toThrow(/there is no suite "typo"/);
    expect(() => selectMutants([], ["FAIL-1", "NET-99"])).toThrow(/no seeded zone is made for NET-99/);
    expect(() => selectMutants(["failure"], ["FAIL-1", "SEC-1"])).toThrow(/made for SEC-1 in suite failure/);
  });
});
