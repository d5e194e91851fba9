// Durations that no machine can shorten, of a scenario and of several zones at a time.

import { describe, expect, it } from "@jest/globals";
import { scenariosOf } from "#spec/scenarios/index.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import type { Step } from "#spec/steps.ts";
import { defaultZoneSpec as spec } from "#spec/zone-spec.ts";
import { floorOf, minimumDurationMs, vrrpTakeoverMs, zoneReadyMs } from "./minimum-duration.ts";

const scenario = (...steps: Step[]): ScenarioSpec => ({ name: "one", suite: "none", entries: [], provokes: [], steps });
const kill = (node: "alpha" | "beta" | "gamma"): Step => ({ step: "provoke", faults: [{ fault: "kill", node }] });
const answers = (node: "alpha" | "beta"): Step => ({ step: "await-answer", node, deadlineMs: 1 });
const hold = (ms: number): Step => ({ step: "hold", ms });
const repair = (...nodes: ("alpha" | "beta")[]): Step => ({ step: "repair", nodes });
const leaseMs = spec.lease.takeMs - spec.lease.renewMs;

describe("the minimum duration", () => {
  it("of a takeover by VRRP is the missed adverts and the skew of the priority", () => {
    expect(vrrpTakeoverMs(spec, "beta")).toBeCloseTo(4882.8, 1);
    expect(zoneReadyMs(spec)).toBeCloseTo(4414.1, 1);
  });

  it.each<[string, ScenarioSpec, number]>([
    ["holds alone", scenario(hold(300), hold(700)), 1_000],
    ["a kill: the lease that must be waited out", scenario(kill("alpha"), answers("beta")), leaseMs],
    [
      "an orderly stop: the hold-down",
      scenario({ step: "provoke", faults: [{ fault: "stop", node: "alpha" }] }, answers("beta")),
      spec.holdDownMs,
    ],
    ["the standby killed: nothing", scenario(kill("beta"), answers("alpha")), 0],
    ["a hold during which the timers run", scenario(kill("alpha"), hold(4_000), answers("beta")), leaseMs],
    [
      "a takeover denied until a repair: the election after it",
      scenario(kill("alpha"), hold(20_000), repair("beta"), answers("beta")),
      Math.round(20_000 + vrrpTakeoverMs(spec, "beta")),
    ],
    [
      "a second failover back",
      scenario(kill("alpha"), answers("beta"), repair("alpha"), kill("beta"), answers("alpha")),
      2 * leaseMs,
    ],
  ])("of %s", (_what, one, ms) => {
    expect(minimumDurationMs(one, spec)).toBe(ms);
  });

  it("of a kill without a lease is the hold-down or VRRP, whichever is longer", () => {
    const without = { ...spec, lease: { ...spec.lease, takeMs: 0 }, holdDownMs: 0 };
    expect(minimumDurationMs(scenario(kill("alpha"), answers("beta")), without)).toBe(
      Math.round(vrrpTakeoverMs(spec, "beta")),
    );
  });

  it("of every failure scenario is more than its holds where the VIP must move", () => {
    for (const one of scenariosOf("failure")) {
      const holdsMs = one.steps.reduce((sum, step) => sum + (step.step === "hold" ? step.ms : 0), 0);
      // A node without a quorum is held alone for longer than a takeover needs.
      const isHeldAlone = one.steps.some((step) => step.step === "probe-quorum" && step.node !== "gamma");
      const isMoving = one.steps.some((step) => step.step === "await-answer") && !isHeldAlone;
      const minimumMs = minimumDurationMs(one, spec);
      expect([one.name, minimumMs > holdsMs]).toEqual([one.name, isMoving]);
    }
  });
});

describe("the minimum duration of a suite", () => {
  const chains = (...waits: number[]) =>
    waits.map((minimumMs) => ({ name: `${minimumMs}`, minimumMs, isOwnZone: false }));

  it("packs the longest first onto the lane that is free first", () => {
    expect(floorOf(chains(2, 3, 4, 5), 2, 0)).toEqual({ floorMs: 7, longestMs: 5, sumMs: 14 });
  });

  it("is never below the longest chain, however many lanes there are", () => {
    expect(floorOf(chains(1, 9, 1), 8, 0).floorMs).toBe(9);
  });

  it("starts each lane's zone once, and one more for a scenario with a zone of its own", () => {
    expect(floorOf([{ name: "own", minimumMs: 10, isOwnZone: true }, ...chains(10)], 1, 4).floorMs).toBe(28);
  });

  it("of nothing is nothing", () => {
    expect(floorOf([], 4, 5).floorMs).toBe(0);
  });
});
