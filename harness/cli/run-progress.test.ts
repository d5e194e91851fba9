// The progress lines of a run.

import { describe, expect, it } from "@jest/globals";
import { updatesToProgress } from "./run-progress.ts";
import type { RunPlan } from "#run/plan.ts";

function stage(repeat: number) {
  const lines: string[] = [];
  const step = (name: string) => ({
    update: (detail: string) => lines.push(`${name}: ${detail}`),
    done: (detail = "") => lines.push(`${name} done ${detail}`.trim()),
    failed: () => {},
  });
  const plan = { scenarios: [{}, {}], suites: ["failure"], repeat } as RunPlan;
  const onUpdate = updatesToProgress({ step, say: (line) => lines.push(line) }, plan);
  return { lines, onUpdate };
}

describe("the progress of a run", () => {
  it("is one step for the environment, then one for all scenarios", () => {
    const { lines, onUpdate } = stage(1);
    onUpdate({ kind: "environment", line: "building the node image" });
    onUpdate({ kind: "scenario", name: "fail-1-kill", repeat: 1, phase: "hold" });
    for (const name of ["fail-1-kill", "fail-1-stop"])
      onUpdate({ kind: "judged", name, repeat: 1, verdicts: { "FAIL-1": "kept" } });
    expect(lines).toEqual([
      "engine and images: building the node image",
      "engine and images done",
      "failure: 0 of 2 done; fail-1-kill: hold",
      "failure: 1 of 2 done",
      "failure: 2 of 2 done",
      "failure done 2 scenarios",
    ]);
  });

  it("names each entry that is not kept by id and slug", () => {
    const { lines, onUpdate } = stage(1);
    const verdicts = { "FAIL-5": "broken", "DUAL-0": "kept", "DUR-6": "unknown" };
    onUpdate({ kind: "judged", name: "fail-5-isolated", repeat: 1, verdicts });
    expect(lines).toContain("fail-5-isolated: FAIL-5 alpha-isolated broken, DUR-6 one-loss-keeps-facts unknown");
  });

  it("names a zone that stays up as later commands know it", () => {
    const { lines, onUpdate } = stage(3);
    onUpdate({ kind: "stands", name: "kill-active", repeat: 2, zone: "kept-1" });
    expect(lines).toEqual(["kill-active #2: the zone stays up as kept-1. Next: ./triad status, ./triad down kept-1"]);
  });
});
