// The progress lines of a run.

import { expect, it } from "@jest/globals";
import { updatesToProgress } from "./run-progress.ts";
import type { RunPlan } from "#run/plan.ts";

it("names a zone that stays up as later commands know it", () => {
  const said: string[] = [];
  const step = () => ({ update: () => {}, done: () => {}, failed: () => {} });
  const plan = { scenarios: [{}, {}], suites: ["failure"], repeat: 3 } as RunPlan;
  const onUpdate = updatesToProgress({ step, say: (line) => said.push(line) }, plan);
  onUpdate({ kind: "stands", name: "kill-active", repeat: 2, zone: "kept-1" });
  expect(said).toEqual(["kill-active #2: the zone stays up as kept-1. Next: ./triad status, ./triad down kept-1"]);
});
