// Every history of the corpus gets the verdict written beside its case, read from the file as a run would be.

import { describe, expect, it } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { decodeHistory, encodeHistory } from "#history/codec.ts";
import { checkers, judge } from "./compose.ts";
import { cases, fileOf, historyOf } from "./corpus/cases.ts";

const folder = join(import.meta.dirname, "../../fixtures/histories");

describe("the corpus", () => {
  it.each(cases.map((one) => [fileOf(one), one] as const))("%s gets its verdict for its reason", (file, one) => {
    const history = decodeHistory(readFileSync(join(folder, file), "utf8"));
    const finding = judge(history).find(({ entry }) => entry === one.entry);
    expect({ verdict: finding?.verdict, because: finding?.because }).toEqual({
      verdict: one.verdict,
      because: one.because ? expect.stringMatching(one.because) : expect.any(String),
    });
  });

  it("holds exactly the cases, as they are generated", () => {
    const onDisk = ["valid", "invalid"].flatMap((kind) =>
      readdirSync(join(folder, kind)).map((name) => `${kind}/${name}`),
    );
    expect(onDisk.sort()).toEqual(cases.map(fileOf).sort());
    for (const one of cases)
      expect(readFileSync(join(folder, fileOf(one)), "utf8")).toBe(encodeHistory(historyOf(one)));
  });

  it("has a right and a wrong history for every checker", () => {
    for (const { entry } of checkers)
      expect({
        entry,
        verdicts: new Set(cases.filter((one) => one.entry === entry).map((one) => one.verdict)).has("broken"),
      }).toEqual({
        entry,
        verdicts: true,
      });
    for (const { entry } of checkers)
      expect(cases.filter((one) => one.entry === entry && one.verdict === "kept")).not.toHaveLength(0);
  });

  it("finds every other entry of a valid history kept too", () => {
    for (const one of cases.filter(({ verdict }) => verdict === "kept"))
      for (const finding of judge(historyOf(one)))
        expect({
          file: fileOf(one),
          entry: finding.entry,
          verdict: finding.verdict,
          because: finding.because,
        }).toMatchObject({ verdict: "kept" });
  });
});
