// How long a scenario takes on a reference zone, roughly: to run the longest first. Nothing is judged by it.

import type { ScenarioSpec, Step } from "./scenario.ts";

/** Medians of reference zones: a failover, a return as a member, steady load and reading the facts back. */
const failoverS = 12;
const rejoinS = 6;
const frameS = 6;

function stepS(step: Step): number {
  switch (step.step) {
    case "hold":
      return step.ms / 1000;
    case "await-answer":
      return failoverS;
    case "await-rejoin":
      return rejoinS;
    default:
      return 1;
  }
}

/** Seconds, without the start of a zone. */
export function lengthS(scenario: ScenarioSpec): number {
  return scenario.steps.reduce((sum, step) => sum + stepS(step), frameS);
}
