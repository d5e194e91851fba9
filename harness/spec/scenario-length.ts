// How long a scenario takes on a reference zone, roughly: to run the longest first. Nothing is judged by it.

import type { ScenarioSpec } from "./scenario.ts";
import type { Step } from "./steps.ts";

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
    case "at-peer":
      return step.steps.reduce((sum, one) => sum + stepS(one), 0);
    default:
      return 1;
  }
}

/** Cold, with empty stores: from the last node's start to the first answer. */
const coldS = 10;

/** Seconds, without the start of a zone where that is no part of the scenario. */
export function lengthS({ start, steps }: ScenarioSpec): number {
  const startS = start ? coldS + ((start.order.length - 1) * start.gapMs) / 1000 : 0;
  return steps.reduce((sum, step) => sum + stepS(step), frameS + startS);
}
