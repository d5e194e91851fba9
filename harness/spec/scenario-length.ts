// Estimates how long a scenario takes on a reference zone, so that the longest can run first. No verdict depends on it.

import { insideOf, type ScenarioSpec } from "./scenario.ts";
import type { Step } from "./steps.ts";

/** Medians of reference zones. `frameS`: steady load before the steps, and reading the facts back after them. */
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
    case "at-peer":
      return step.steps.reduce((sum, one) => sum + stepS(one), 0);
    case "parallel":
    case "every":
    case "when":
      return insideOf(step).reduce((sum, one) => sum + stepS(one), 0);
    default:
      return 1;
  }
}

/** A cold start with empty stores: from the start of the last node to the first answer. */
const coldS = 10;

/** In seconds. Includes the start of the zone only where it is part of the scenario. */
export function lengthS({ start, steps }: ScenarioSpec): number {
  const startS = start ? coldS + ((start.order.length - 1) * start.gapMs) / 1000 : 0;
  return steps.reduce((sum, step) => sum + stepS(step), frameS + startS);
}
