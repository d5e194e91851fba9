// Claims about what a run tells while it runs.

import { expect, it } from "@jest/globals";
import { newsToProgress } from "./run-progress.ts";
import type { RunPlan } from "#run/plan.ts";

it("names a zone that is left standing as commands know it", () => {
  const said: string[] = [];
  const step = () => ({ update: () => {}, done: () => {}, failed: () => {} });
  const plan = { scenarios: [{}, {}], suites: ["failure"], repeat: 3 } as RunPlan;
  const onNews = newsToProgress({ step, say: (line) => said.push(line) }, plan);
  onNews({ kind: "stands", name: "kill-active", repeat: 2, zone: "kept-1" });
  expect(said).toEqual([
    "kill-active #2: its zone stays up as kept-1; look: ./triad status   end: ./triad down kept-1",
  ]);
});
