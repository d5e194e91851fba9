// The examples are written as somebody else would write them. They share no code with the images.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const sources = globSync("examples/**/*.{go,ts,py,sh}", { cwd: root });
const scripts = globSync("examples/**/compile", { cwd: root });

/** Lines long enough that two people do not write the same by chance. */
function longLines(path: string): string[] {
  return read(path)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.length > 60);
}

describe("the examples", () => {
  it("are there", () => {
    expect(sources.length).toBeGreaterThan(5);
  });

  it("name no file of the images, but for the contract's proto", () => {
    const named = [...sources, ...scripts].filter((path) => /\bimages\/|#node|\.\.\//.test(read(path)));
    expect(named).toEqual([]);
  });

  it("share no long line with the images or the harness", () => {
    const ours = globSync("{images,harness}/**/*.{ts,sh}", { cwd: root });
    const known = new Set(ours.flatMap(longLines));
    expect(sources.flatMap(longLines).filter((line) => known.has(line))).toEqual([]);
  });
});
