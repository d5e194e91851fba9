// The page of wrong zones against the tree: each mutant, change, case and test that it names exists, and shows the
// entries of its row.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { cases } from "../fixtures/corpus/cases/index.ts";
import { changes } from "../harness/mutations/registry.ts";
import { readMutant } from "../harness/run/mutants.ts";

const root = join(import.meta.dirname, "..");

interface Shown {
  kind: string;
  name: string;
  /** The last column, as it is written. */
  foundBy: string[];
}

/** Every name in the second column of a row. */
const shown = readFileSync(join(root, "docs/wrong-zones.md"), "utf8")
  .split("\n")
  .flatMap((line): Shown[] => {
    const [, , names = "", foundBy = ""] = line.split("|").map((cell) => cell.trim());
    const [kind = ""] = names.split(" ");
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => ({ kind, name: name!, foundBy: foundBy.split(", ") }));
  });

const of = (kind: string) => shown.filter((one) => one.kind === kind);

describe("the page of wrong zones", () => {
  it("names more than 100 things that show one", () => {
    expect(shown.length).toBeGreaterThan(100);
    expect(shown.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["mutant", "history", "case", "test"]));
  });

  it.each(of("mutant"))("has the mutant $name, whose entry finds it", ({ name, foundBy }) => {
    expect(foundBy).toContain(readMutant(name).entry);
  });

  it.each(of("history"))("has the change $name, which must turn those entries", ({ name, foundBy }) => {
    const change = changes.find((one) => one.name === name);
    expect(change).toBeDefined();
    const { turns = [], everywhere = [] } = change ?? {};
    // Some changes turn the entry of each variant's own node, or every entry.
    if (turns === "all" || turns.length + everywhere.length === 0) return;
    expect([...turns, ...everywhere]).toEqual(expect.arrayContaining(foundBy));
  });

  it.each(of("case"))("has the case $name", ({ name, foundBy }) => {
    const found = cases.find((one) => `${one.entry} ${one.name}` === name);
    expect(found).toBeDefined();
    expect(foundBy).toContain(found!.entry);
    expect(found!.verdict).not.toBe("kept");
  });

  it.each(of("test"))("has the test $name", ({ name }) => {
    expect(existsSync(join(root, name))).toBe(true);
  });
});
