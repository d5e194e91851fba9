// What `npm run load-cases` is asked for, and what it prints.

import { describe, expect, it } from "@jest/globals";
import { firstCores } from "./load-group.ts";
import { countsOf, readArguments, rowLine } from "./load-report.ts";

const known = ["one-core", "half-core", "neighbour"];

describe("the arguments", () => {
  it("that are not its own go to the gate, with their values", () => {
    const argv = ["--suite", "failure", "--out", "/tmp/x", "--jobs", "1", "--cases=one-core", "--keep"];
    expect(readArguments(argv, known)).toEqual({
      cases: ["one-core"],
      out: "/tmp/x",
      minutes: 120,
      gate: ["--suite", "failure", "--jobs", "1", "--keep"],
    });
  });

  it("must name known cases, a folder and some minutes", () => {
    for (const argv of [["--cases", "two-cores"], ["--out", "/x", "--minutes", "0"], []])
      expect(() => readArguments(argv, known)).toThrow(expect.objectContaining({ code: "usage/bad-value" }));
  });
});

describe("the cores of a case", () => {
  it.each([
    ["0-3\n", 1, "0"],
    ["2,4-5\n", 2, "2,4"],
    ["0-1\n", undefined, "0-1"],
  ])("of %j, %j are %j", (list, cores, left) => {
    expect(firstCores(list, cores)).toBe(left);
  });
});

describe("a row", () => {
  const entry = (id: string, verdict: "kept" | "broken" | "unknown") => ({ id, verdict }) as never;

  it("names what is not kept", () => {
    const counts = countsOf({ entries: [entry("A-1", "kept"), entry("A-2", "unknown"), entry("A-3", "broken")] });
    expect(rowLine({ name: "one-core", exit: 1, wallS: 125, counts })).toBe(
      "| one-core | 2 min 5 s | 1 | 1 | 1: A-3 | 1: A-2 |",
    );
  });

  it("shows no count without verdicts", () => {
    expect(rowLine({ name: "one-core", exit: 3, wallS: 5 })).toBe("| one-core | 0 min 5 s | 3 | - | - | - |");
  });
});
