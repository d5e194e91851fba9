// The score of a mutation run: what counts as a survivor, and what an explanation does.

import { describe, expect, it } from "@jest/globals";
import { type Report, scoreOf, scoreText } from "./score.ts";

const file = "harness/checkers/failure/one.ts";
const source = "const late = a < b;\nconst early = b <= a && c;\n";
const mutant = (status: string, line: number, [from, to]: readonly [number, number], replacement: string) => ({
  status,
  mutatorName: "any",
  replacement,
  location: { start: { line, column: from }, end: { line, column: to } },
});
const report = {
  files: {
    [file]: {
      source,
      mutants: [
        mutant("Killed", 1, [14, 19], "a <= b"),
        mutant("Survived", 1, [14, 19], "a >=\n  b"),
        mutant("NoCoverage", 2, [15, 26], "true"),
        mutant("Ignored", 2, [15, 26], "false"),
      ],
    },
  },
} as Report;
const reason = { file, line: "const late = a < b;", becomes: "a >= b", because: "a is never b" };

describe("the score of a mutation run", () => {
  it("counts mutants that no test reaches as survivors, and those that were not tried not at all", () => {
    expect(scoreOf(report, []).total).toEqual({ mutants: 3, survivors: 2, explained: 0 });
  });

  it("names each survivor by file, line, code, and what it became", () => {
    const text = scoreText(scoreOf(report, []));
    expect(text).toContain(`${file}:1: a < b -> a >= b\n`);
    expect(text).toContain(`${file}:2: b <= a && c -> true\n`);
    expect(text).toContain("| harness/checkers/failure | 3 | 2 | 0 | 66.7% |");
  });

  it("does not count an explained survivor", () => {
    expect(scoreOf(report, [reason]).folders.get("harness/checkers/failure")).toEqual({
      mutants: 3,
      survivors: 1,
      explained: 1,
    });
  });

  it("reports an explanation whose mutant does not survive, of files that were tried only", () => {
    const stale = { ...reason, becomes: "a <= b" };
    const elsewhere = { ...reason, file: "harness/checkers/judge.ts" };
    expect(scoreOf(report, [stale, elsewhere]).stale).toEqual([stale]);
  });
});
