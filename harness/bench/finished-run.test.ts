// The figures of a finished run, from its two files.

import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchFinishedRun } from "./finished-run.ts";
import { planRun } from "#run/make-plan.ts";
import { writePlan } from "#run/plan.ts";

/** The files of a gate that the benchmark reads. */
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

describe("bench run", () => {
  it("compares the wall time with the minimum duration for this number of zones at a time", () => {
    using folder = folderOf(100);
    const { summary, data } = benchFinishedRun({ folder: folder.path });
    const { longestChainS, floorS, wallPerFloor } = data as Record<string, number>;
    expect(data).toMatchObject({ scenarios: 3, zonesAtATime: 2, wallS: 100 });
    // Three equal scenarios on two zones: two in sequence, after one start of 4.4 s.
    expect(floorS).toBeCloseTo(2 * longestChainS! + 4.4, 1);
    expect(wallPerFloor).toBeCloseTo(100 / floorS!, 1);
    expect(summary).toContain(`wall time is ${wallPerFloor} x the minimum`);
  });

  it("refuses a run that did not finish", () => {
    using folder = folderOf(undefined);
    expect(() => benchFinishedRun({ folder: folder.path })).toThrow(
      expect.objectContaining({ code: "usage/not-evidence" }),
    );
  });
});
