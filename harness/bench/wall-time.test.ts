// The figures of a run that is over, from its two files alone.

import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchWaits } from "./wall-time.ts";
import { planRun, writePlan } from "#run/plan.ts";

/** A folder as a gate leaves it, as far as this reads it. */
function folderOf(wallS: number | undefined): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "triad-waits-"));
  const plan = planRun({
    suites: ["failure"],
    only: ["FAIL-6"],
    repeat: 3,
    jobs: 2,
    seed: 1,
    tier: "standard",
    isKept: false,
  });
  writePlan(path, plan);
  if (wallS !== undefined) writeFileSync(join(path, "run.json"), JSON.stringify({ wallS }));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

describe("bench --evidence", () => {
  it("holds the wall time beside the obliged waits packed onto the zones at a time", () => {
    using folder = folderOf(100);
    const { summary, data } = benchWaits(folder.path);
    const { longestChainS, floorS, wallPerFloor } = data as Record<string, number>;
    expect(data).toMatchObject({ scenarios: 3, zonesAtATime: 2, wallS: 100 });
    // Three alike on two zones: two after each other, after one start of 4.4 s.
    expect(floorS).toBeCloseTo(2 * longestChainS! + 4.4, 1);
    expect(wallPerFloor).toBeCloseTo(100 / floorS!, 1);
    expect(summary).toContain(`wall is ${wallPerFloor} x it`);
  });

  it("says nothing of a run that did not end", () => {
    using folder = folderOf(undefined);
    expect(() => benchWaits(folder.path)).toThrow(expect.objectContaining({ code: "usage/not-evidence" }));
  });
});
