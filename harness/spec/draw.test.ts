// Which node gets which way: as many repeats as there are draws cover all, whatever the seed.

import { describe, expect, it } from "@jest/globals";
import { drawFor, withDraw } from "./draw.ts";
import { isServiceNode, serviceNodes } from "./node.ts";
import { drawsOf, plannedFaults } from "./scenario.ts";
import { select, suites } from "./scenarios/index.ts";

const drawn = select([], []).filter(({ draws }) => draws);

describe("the draw of a scenario", () => {
  it.each(drawn.map((one) => [one.name, one] as const))("of %s covers all in as many repeats", (_, scenario) => {
    const count = drawsOf(scenario).length;
    for (const seed of [1, 2, 3, 4_000_000_000]) {
      const draws = Array.from({ length: count }, (_one, place) => drawFor(scenario, { seed, repeat: place + 1 }));
      expect(new Set(draws)).toEqual(new Set(Array.from({ length: count }, (_one, draw) => draw)));
      expect(drawFor(scenario, { seed, repeat: count + 1 })).toBe(draws[0]);
    }
  });

  it("follows from the seed", () => {
    const first = (seed: number) => drawn.map((one) => drawFor(one, { seed, repeat: 1 }));
    expect(first(1)).toEqual(first(1));
    const seen = drawn.map((_, place) => new Set(Array.from({ length: 40 }, (_one, seed) => first(seed)[place])));
    expect(seen.map(({ size }) => size)).toEqual(drawn.map((one) => drawsOf(one).length));
  });

  it("changes the steps and nothing else", () => {
    for (const scenario of drawn) {
      const { draws: _, steps: _first, ...rest } = scenario;
      expect(withDraw(scenario, 1)).toEqual({ ...rest, draw: 1, steps: drawsOf(scenario)[1] });
    }
  });
});

describe("a whole gate", () => {
  const failoversIn = (steps: ReturnType<typeof drawsOf>[number]) =>
    steps.filter((one) => one.step === "provoke" && one.to !== undefined).length;

  it("times at least 20 failovers, whatever it draws, and some in each direction", () => {
    const all = select([], []).filter(({ entries }) => entries.includes("TIME-1"));
    const least = all.map((one) => Math.min(...drawsOf(one).map(failoversIn)));
    expect(least.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(20);
    for (const to of serviceNodes) expect(JSON.stringify(all.map(({ steps }) => steps))).toContain(`"to":"${to}"`);
  });

  it("has a crash of Beta as the only active node in each draw", () => {
    const stop = suites["failure"]!.find(({ name }) => name === "fail-1-stop")!;
    for (const steps of drawsOf(stop)) {
      const [fault] = plannedFaults({ steps }).slice(-1);
      expect(["kill", "power", "pause"]).toContain(fault!.fault);
      expect(fault!.node).toBe("beta");
    }
  });
});

describe("the draws of the gates", () => {
  const gates = suites["gates"]!;
  /** Fault and way of every fault on a service node, in all draws of these scenarios. */
  const cells = (part: string) =>
    gates
      .filter(({ name }) => name.includes(part))
      .flatMap((one) => drawsOf(one).flatMap((steps) => plannedFaults({ steps })))
      .filter(({ node }) => isServiceNode(node))
      .map((fault) => ({ node: fault.node, what: JSON.stringify({ ...fault, node: "", peers: undefined }) }));

  it.each(["lost-storage", "lost-server", "lost-certificate", "denied-files", "denied-server", "warn"])(
    "bring each way of %s to both nodes",
    (part) => {
      const whats = [...new Set(cells(part).map(({ what }) => what))];
      for (const what of whats) {
        const nodes = new Set(cells(part).flatMap((one) => (one.what === what ? [one.node] : [])));
        expect([what, ...[...nodes].sort()]).toEqual([what, ...serviceNodes]);
      }
    },
  );
});
