// Scenarios that look at a zone rather than break it: what it is made of, who speaks to whom, where things lie.
// They decide entries of several sections. Data only.

import type { ScenarioSpec } from "#spec/scenario.ts";

const always = ["DUAL-0", "DUR-6"];

const steadyLook: ScenarioSpec = {
  name: "steady-look",
  suite: "network",
  entries: [...always],
  provokes: ["DUAL-0"],
  steps: [{ step: "survey" }],
};

export const networkScenarios: readonly ScenarioSpec[] = [steadyLook];
