// Claims about the folder that a run writes its evidence to.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { takeFolder } from "./evidence-folder.ts";
import { planRun } from "./make-plan.ts";

const plan = planRun({ suites: ["network"], only: [], repeat: 1, seed: 1, tier: "standard", isKept: false });
let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "triad-gate-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("an evidence folder", () => {
  it("is made where it is missing, and holds the plan from then on", () => {
    takeFolder(join(root, "a", "b"), plan);
    expect(readdirSync(join(root, "a", "b"))).toEqual(["plan.json"]);
  });

  it("is taken once: a second run with the same --out is refused before it starts anything", () => {
    takeFolder(root, plan);
    expect(() => takeFolder(root, plan)).toThrow(/is not empty/);
  });

  it("is no file, and nothing below a file", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    expect(() => takeFolder(file, plan)).toThrow(/cannot be used: .*EEXIST/);
    expect(() => takeFolder(join(file, "below"), plan)).toThrow(/cannot be used: .*ENOTDIR/);
  });

  it("keeps the files of others", () => {
    mkdirSync(join(root, "theirs"));
    expect(() => takeFolder(root, plan)).toThrow(/is not empty/);
    expect(readdirSync(root)).toEqual(["theirs"]);
  });
});
