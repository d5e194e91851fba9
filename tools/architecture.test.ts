// The architecture page against the code, and the rule about the size of folders.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { folderImports, foldersOf, pictureOf, placeOf, sourceFiles } from "./architecture.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const page = read("docs/architecture.md");
const picture = pictureOf(page);
const imports = folderImports();

describe("the picture of the folders", () => {
  it("shows every folder there is and no other", () => {
    const shown = [...picture.keys()].filter((name) => !name.endsWith(".ts"));
    expect(shown.sort()).toEqual(foldersOf());
  });

  it("shows every file beside folders that takes part in imports", () => {
    const files = new Set(imports.flatMap(({ from, to }) => [from, to]).filter((place) => place.endsWith(".ts")));
    expect([...files].filter((file) => !picture.has(file))).toEqual([]);
  });

  it("has each import point to a lower row", () => {
    expect(imports.length).toBeGreaterThan(50);
    const rowOf = (place: string) => picture.get(place) ?? -1;
    const upward = imports.filter(({ from, to }) => rowOf(from) <= rowOf(to));
    expect(upward.map(({ from, to, file }) => `${file}: ${from} (${rowOf(from)}) -> ${to} (${rowOf(to)})`)).toEqual([]);
  });

  it("is read as it is drawn", () => {
    const drawn = " 2 │ a  b │ c │ │ x/y │\n   ├────┤\n 0 │ d │ │ e.ts │ │";
    expect(Object.fromEntries(pictureOf(drawn))).toEqual({
      "harness/a": 2,
      "harness/b": 2,
      "images/agent/c": 2,
      "x/y": 2,
      "harness/d": 0,
      "images/node/e.ts": 0,
    });
  });
});

describe("the table of the folders", () => {
  it("has a row for each folder", () => {
    const rows = [...page.matchAll(/^\| `([a-z/-]+)` +\|/gm)].map((match) => match[1] ?? "");
    expect(rows.sort()).toEqual(foldersOf());
  });
});

describe("folders", () => {
  it("hold at most 25 source files", () => {
    const sources = sourceFiles().filter((file) => !file.endsWith(".test.ts"));
    const counts = Map.groupBy(sources, (file) => file.slice(0, file.lastIndexOf("/")));
    expect([...counts].filter(([, files]) => files.length > 25).map(([folder]) => folder)).toEqual([]);
  });

  it("are where a file beside them is not", () => {
    expect([placeOf("harness/index.ts"), placeOf("harness/run/plan.ts")]).toEqual(["harness/index.ts", "harness/run"]);
  });
});
