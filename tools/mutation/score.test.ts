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
const none = { mutants: 0, killed: 0, refused: 0, survived: 0, uncovered: 0, explained: 0, equalTimes: 0 };
const reason = { file, line: "const late = a < b;", becomes: "a >= b", because: "a is never b" };

describe("the score of a mutation run", () => {
  it("counts mutants that no test reaches apart, and those that were not tried not at all", () => {
    expect(scoreOf(report, []).total).toEqual({ ...none, mutants: 3, killed: 1, survived: 1, uncovered: 1 });
  });

  it("names each survivor by file, line, code, and what it became", () => {
    const text = scoreText(scoreOf(report, []));
    expect(text).toContain(`${file}:1: a < b -> a >= b\n`);
    expect(text).toContain(`${file}:2: b <= a && c -> true\n`);
    expect(text).toContain("| harness/checkers/failure | 3 | 1 | 0 | 1 | 1 | 0 | 0 | 66.7% |");
  });

  it("does not count an explained survivor", () => {
    const counts = scoreOf(report, [reason]).folders.get("harness/checkers/failure");
    expect(counts).toEqual({ ...none, mutants: 3, killed: 1, explained: 1, uncovered: 1 });
  });

  it("does not count one that decides between two equal times, nor one that the compiler refuses", () => {
    const times = "if (span.toNs < endNs) return [];\n";
    const boundary = { ...mutant("Survived", 1, [5, 22], "span.toNs <= endNs"), mutatorName: "EqualityOperator" };
    const opposite = { ...boundary, replacement: "span.toNs >= endNs" };
    const refused = mutant("CompileError", 1, [31, 33], '["Stryker was here"]');
    const files = { [file]: { source: times, mutants: [boundary, opposite, refused] } };
    const { total } = scoreOf({ files } as Report, []);
    expect(total).toEqual({ ...none, mutants: 3, equalTimes: 1, refused: 1, survived: 1 });
  });

  it("reports an explanation whose mutant does not survive, of files that were tried only", () => {
    const stale = { ...reason, becomes: "a <= b" };
    const elsewhere = { ...reason, file: "harness/checkers/judge.ts" };
    expect(scoreOf(report, [stale, elsewhere]).stale).toEqual([stale]);
  });
});
