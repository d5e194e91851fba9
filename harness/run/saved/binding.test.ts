// A history is bound to the draw of its plan, and the draw to the seed of the run.

import { describe, expect, it } from "@jest/globals";
import type { HistoryHeader } from "#history/event.ts";
import { historyFormat } from "#history/event.ts";
import { planned as asInHeader } from "#scenario/history-header.ts";
import { planRun, type PlanRequest } from "../make-plan.ts";
import type { PlannedScenario } from "../plan.ts";
import { unbound } from "./binding.ts";

const request: PlanRequest = { suites: ["gates"], only: [], repeat: 2, seed: 4, tier: "standard", isKept: false };
const plan = planRun(request);
const [first, second] = plan.scenarios.filter(({ name }) => name === "gates-lost-certificate");

function headerOf(planned: PlannedScenario): HistoryHeader {
  const { name: scenario, suite, repeat, seed, entries, draw } = planned;
  return {
    format: historyFormat,
    suite,
    scenario,
    repeat,
    seed,
    entries,
    ...(draw === undefined ? {} : { draw }),
    plannedFaults: asInHeader(planned.faults!),
    zone: { vip: "", rpcPort: 0, nodes: {} as HistoryHeader["zone"]["nodes"], spec: planned.zone! },
    bounds: { ...plan.bounds },
  };
}

const why = (planned: PlannedScenario, header = headerOf(planned)) =>
  unbound(header, { header, events: [] }, { planned, plan });

describe("the draw of a history", () => {
  it("is the one that the seed gives", () => {
    expect(why(first!)).toBeUndefined();
    expect(why(second!)).toBeUndefined();
  });

  it("is not another one, even when plan and history agree", () => {
    const { draw, faults } = second!;
    expect(why({ ...first!, draw: draw!, faults: faults! })).toMatch(/the plan has draw \d of .*, and its seed gives/);
  });

  it("is not another one than the plan's", () => {
    const header = { ...headerOf(first!), draw: second!.draw! };
    expect(why(first!, header)).toMatch(/its draw is \d, and the plan has \d/);
  });
});
