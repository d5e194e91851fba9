// What is taken first.

import { describe, expect, it } from "@jest/globals";
import type { ScenarioSpec } from "#spec/scenario.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { inOrder, type Waiting } from "./longest-first.ts";

function waiting(planned: string, holdS: number, differs: Partial<Waiting<string>> = {}): Waiting<string> {
  const steps = [{ step: "hold", ms: holdS * 1_000 }];
  const scenario = {
    name: planned,
    suite: "a",
    claim: "",
    entries: [],
    provokes: [],
    steps,
  } as unknown as ScenarioSpec;
  return { planned, scenario, zone: defaultZoneSpec, ...differs };
}

describe("order", () => {
  it("takes the longest first", () => {
    expect(inOrder([waiting("short", 5), waiting("long", 50), waiting("middle", 20)])).toEqual([
      "long",
      "middle",
      "short",
    ]);
  });

  it("takes what needs a zone of its own before what shares one, however short it is", () => {
    const other = { zone: { ...defaultZoneSpec, certificate: { minDays: 30, policy: "warn" } as const } };
    const cold = waiting("cold", 1);
    cold.scenario = { ...cold.scenario, start: { order: ["alpha"], gapMs: 0 } } as unknown as ScenarioSpec;
    const all = [waiting("long", 50), waiting("own", 10, other), waiting("short", 5), cold];
    expect(inOrder(all)).toEqual(["cold", "own", "long", "short"]);
  });
});
