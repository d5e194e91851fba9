// Scenarios that look at a zone rather than break it: what it is made of, who speaks to whom, where things lie.
// They decide entries of several sections. Data only.

import type { NodeName, Segment } from "#spec/node.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";

const always = ["DUAL-0", "DUR-6"];

/** Three adverts. */
const captureMs = 3_000;
const everyLeg: { host: NodeName; segment: Segment }[] = [
  { host: "alpha", segment: "control" },
  { host: "beta", segment: "control" },
  { host: "alpha", segment: "zone" },
  { host: "beta", segment: "zone" },
  { host: "gamma", segment: "zone" },
];

const steadyLook: ScenarioSpec = {
  name: "steady-look",
  suite: "network",
  entries: [...always],
  provokes: ["DUAL-0"],
  steps: [
    { step: "survey" },
    { step: "capture", at: everyLeg },
    { step: "hold", ms: captureMs },
    { step: "end-capture" },
  ],
};

export const networkScenarios: readonly ScenarioSpec[] = [steadyLook];
