// The suite injects every fault of a gate, on the active node and on a node that is about to be promoted.

import { describe, expect, it } from "@jest/globals";
import { describeFault } from "../faults.ts";
import { plannedFaults, type ScenarioSpec } from "../scenario.ts";
import { gatesScenarios } from "./gates.ts";

const waysOf = (scenarios: readonly ScenarioSpec[]) =>
  new Set(scenarios.flatMap((one) => plannedFaults(one).map((fault) => describeFault(fault).replace(/ on \w+/, ""))));
const named = (part: string) => gatesScenarios.filter(({ name }) => name.includes(part));

const ways = [
  ...["gone", "read-only", "full", "eio"].map((way) => `storage ${way}`),
  ...["short", "expired", "not-yet-valid", "wrong-key"].map((way) => `certificate ${way}`),
  "process-freeze nats-server",
  "nats-server down",
];

describe("the suite of the gates", () => {
  it.each(ways)("provokes %s on the active node", (way) => {
    expect(waysOf(named("lost"))).toContain(way);
  });

  it.each(ways)("provokes %s on a node that is to be promoted", (way) => {
    expect(waysOf(named("denied"))).toContain(way);
  });

  it("treats every bad certificate under both policies", () => {
    const bad = [...waysOf(named("warn"))].filter((way) => way.startsWith("certificate"));
    expect(bad.sort()).toEqual(ways.filter((way) => way.startsWith("certificate")).sort());
  });
});
