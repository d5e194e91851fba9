// The plan of a run, from what was asked for.

import { describe, expect, it } from "@jest/globals";
import { planRun, type PlanRequest } from "./make-plan.ts";

const request: PlanRequest = { suites: ["failure"], only: [], repeat: 1, seed: 4, tier: "standard", isKept: false };

describe("a plan", () => {
  it("is the same for the same seed, but for its id and its time", () => {
    const [{ id: _a, startedAt: _b, ...one }, { id: _c, startedAt: _d, ...same }] = [
      planRun(request),
      planRun(request),
    ];
    expect(one).toEqual(same);
    const { scenarios } = planRun({ ...request, seed: 5 });
    expect(scenarios.map(({ seed }) => seed)).not.toEqual(one.scenarios.map(({ seed }) => seed));
  });

  it("holds every scenario once for each repeat, each with a seed of its own", () => {
    const once = planRun(request).scenarios;
    const twice = planRun({ ...request, repeat: 2 }).scenarios;
    expect(twice.map(({ name, repeat }) => `${name} ${repeat}`)).toEqual(
      [1, 2].flatMap((repeat) => once.map(({ name }) => `${name} ${repeat}`)),
    );
    expect(new Set(twice.map(({ seed }) => seed)).size).toBe(twice.length);
  });

  it("draws which node gets which way from the seed, and repeats draw the rest", () => {
    const { scenarios } = planRun({ ...request, suites: ["gates"], repeat: 2 });
    const of = (name: string) => scenarios.filter((one) => one.name === name);
    const draws = of("gates-lost-certificate").map(({ draw }) => draw);
    expect(new Set(draws)).toEqual(new Set([0, 1]));
    const [one, other] = of("gates-lost-certificate").map(({ faults }) => JSON.stringify(faults));
    expect(one).not.toBe(other);
    expect(planRun(request).scenarios.some(({ draw }) => draw === undefined)).toBe(true);
  });

  it("of selected entries judges those, and what every run judges", () => {
    const { scenarios, entries } = planRun({ ...request, only: ["FAIL-1"] });
    expect(entries).toEqual(["DUAL-0", "DUR-6", "FAIL-1", "RPC-1", "RPC-2", "RPC-3"]);
    expect(scenarios.every((one) => one.entries.includes("FAIL-1"))).toBe(true);
    expect(scenarios.length).toBeGreaterThan(1);
  });

  it("names a command that makes it again", () => {
    const { command } = planRun({ ...request, only: ["FAIL-1"], jobs: 2, tier: "critical", stores: "xfs" });
    expect(command).toBe(
      "./triad gate --suite failure --only FAIL-1 --repeat 1 --jobs 2 --seed 4 --tier critical --stores xfs",
    );
  });

  it("knows whether the number of zones was asked for", () => {
    expect(planRun({ ...request, jobs: 3 })).toMatchObject({ jobs: 3, areJobsGiven: true });
    expect(planRun(request).areJobsGiven).toBe(false);
    expect(planRun(request).jobs).toBeGreaterThan(0);
  });

  it.each([
    [{ suites: ["no-such-suite"] }, "usage/unknown-suite"],
    [{ only: ["FAIL-99"] }, "usage/unknown-entry"],
  ])("is refused for %j", (differs, code) => {
    expect(() => planRun({ ...request, ...differs })).toThrow(expect.objectContaining({ code }));
  });
});
