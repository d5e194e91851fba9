// Every history of the corpus gets the verdict and the reason of its case. Each passes through the codec first, as the
// history of a run does.

import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { cases, historyOf, titleOf } from "#corpus/cases/index.ts";
import { checkerFailed, needs } from "#corpus/needs.ts";
import { decodeHistory, encodeHistory } from "#history/codec.ts";
import { findingOf, lineOf, recordedFindings } from "#corpus/findings.ts";
import { judge } from "./judge.ts";
import { checkers } from "./registry.ts";

const recorded = recordedFindings();

describe("the corpus", () => {
  it.each(cases.map((one) => [titleOf(one), one] as const))("%s gets its verdict for its reason", (_, one) => {
    const built = historyOf(one);
    const history = decodeHistory(encodeHistory(built));
    const finding = findingOf(one, history);
    expect({ verdict: finding.verdict, because: finding.because }).toEqual({
      verdict: one.verdict,
      because: one.because ? expect.stringMatching(one.because) : expect.any(String),
    });
    // What else it says stands in fixtures/corpus/findings.txt: `npm run docs` writes it, and its diff is read.
    expect(lineOf(one, finding)).toBe(recorded.lines.get(`${one.entry} ${one.name}`));
    const [read, written] = [Array.from(history.events), Array.from(built.events)];
    // Jest's comparison takes seconds for all cases; it is for the message.
    if (!isDeepStrictEqual(read, written)) expect(read).toEqual(written);
  });

  it("names each case once", () => {
    const titles = cases.map(titleOf);
    expect(titles.filter((title, place) => titles.indexOf(title) !== place)).toEqual([]);
  });

  it("has no recorded finding of a case that is gone", () => {
    const names = new Set(cases.map(({ entry, name }) => `${entry} ${name}`));
    expect([...recorded.lines.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it("has a right and a wrong history for every checker", () => {
    for (const { entry } of checkers) {
      const verdicts = cases.filter((one) => one.entry === entry).map((one) => one.verdict);
      expect({ entry, verdicts }).toEqual({ entry, verdicts: expect.arrayContaining(["kept", "broken"]) });
    }
  });

  const valid = cases.filter(({ verdict }) => verdict === "kept");
  it.each(valid.map((one) => [titleOf(one), one] as const))("%s keeps every other entry too", (_, one) => {
    for (const { entry, verdict, because } of judge(historyOf(one)))
      expect({ entry, verdict, because }).toMatchObject({
        verdict: one.alsoBreaks?.includes(entry) ? "broken" : "kept",
      });
  });

  it.each(needs.map((need) => [need.says, need] as const))("%s, and is not kept", (_, { one, verdicts, history }) => {
    const asked = checkers.filter(({ entry }) => entry === one.entry);
    const { verdict, because } = judge(history(), asked).find(({ entry }) => entry === one.entry)!;
    expect(verdicts).toContain(verdict);
    expect(because).not.toMatch(checkerFailed);
  });
});
