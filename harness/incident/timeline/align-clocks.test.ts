// The difference of clocks from events that two nodes saw, on lines made for the purpose.

import { describe, expect, it } from "@jest/globals";
import { seeded } from "#base/random.ts";
import type { NodeName } from "#spec/node.ts";
import { addressesOf } from "./addresses.ts";
import { agreedDifference, alignClocks } from "./align-clocks.ts";
import { LogReader, type NodeLog } from "./node-log.ts";

/** A log of lines with a time in milliseconds after midnight, on the node's own clock. */
function logOf(node: NodeName, shiftMs: number, lines: [number, string][]): NodeLog {
  const reader = new LogReader(node, 0, 2026);
  for (const [index, [ms, text]] of lines.entries()) {
    const stamp = new Date(Date.UTC(2026, 10, 30) + ms + shiftMs).toISOString();
    reader.take({ text: `${stamp} ${text}`, number: index + 1, isCut: false, isOpen: false });
  }
  return { node, files: [reader.summary("x", { bytes: 0 })], seen: reader.seen, silences: reader.silences };
}

const align = (...logs: NodeLog[]) => alignClocks(logs, addressesOf(logs));

const route = (address: string, port: number, why = "Duplicate Route") =>
  `[INF] ${address}:${port} - rid:7 - Router connection closed: ${why}`;

describe("the clocks of two nodes", () => {
  it("are told by one hand-over of VRRP", () => {
    const alpha = logOf("alpha", 0, [[10_000, "Keepalived_vrrp[1]: (z) Entering MASTER STATE"]]);
    const beta = logOf("beta", -1_400, [[10_002, "Keepalived_vrrp[1]: (z) master set to 10.0.0.1"]]);
    const { clocks, remarks } = align(alpha, beta);
    expect(clocks[1]!.ms).toBeGreaterThan(-1_440);
    expect(clocks[1]!.ms).toBeLessThan(-1_360);
    expect(remarks.join()).toMatch(/by one event only/);
  });

  it("are told by routes that both ends dropped, among others that only look alike", () => {
    const chance = seeded(5);
    const times = Array.from({ length: 12 }, () => chance.below(600_000));
    const noise = Array.from({ length: 12 }, () => chance.below(600_000));
    const alpha = logOf(
      "alpha",
      250,
      [...times, ...noise].sort((x, y) => x - y).map((ms) => [ms, route("10.0.0.2", 6222)]),
    );
    const beta = logOf(
      "beta",
      1_900,
      times.toSorted((x, y) => x - y).map((ms) => [ms + chance.below(6), route("10.0.0.1", 40_000)]),
    );
    const [, clock] = align(alpha, beta).clocks;
    expect(Math.abs(clock!.ms! - 1_650)).toBeLessThanOrEqual(clock!.withinMs!);
    expect(clock!.withinMs).toBeLessThan(20);
  });

  const wholeSeconds = (node: NodeName, shiftMs: number, other: string): NodeLog => {
    const reader = new LogReader(node, 0, 2026);
    for (let index = 0; index < 40; index += 1) {
      const stamp = new Date(Date.UTC(2026, 10, 30) + index * 7_313 + shiftMs).toISOString().slice(11, 19);
      const text = `Nov 30 ${stamp} n nats-server[1]: ${route(other, 40_000)}`;
      reader.take({ text, number: index + 1, isCut: false, isOpen: false });
    }
    return { node, files: [], seen: reader.seen, silences: [] };
  };

  it("are told to a fraction of a second by stamps of whole seconds against exact ones", () => {
    const times = Array.from({ length: 40 }, (_, index): [number, string] => [
      index * 7_313,
      route("10.0.0.1", 40_000),
    ]);
    const [, clock] = align(wholeSeconds("alpha", 0, "10.0.0.2"), logOf("beta", 730, times)).clocks;
    expect(Math.abs(clock!.ms! - 730)).toBeLessThan(60);
  });

  it("are told to half a second when both logs have whole seconds", () => {
    const [, clock] = align(wholeSeconds("alpha", 0, "10.0.0.2"), wholeSeconds("beta", 730, "10.0.0.1")).clocks;
    expect(Math.abs(clock!.ms! - 730)).toBeLessThanOrEqual(clock!.withinMs!);
    expect(clock!.withinMs).toBeLessThan(1_100);
  });

  it("are unknown without an event that both saw", () => {
    const { clocks, remarks } = align(logOf("alpha", 0, [[1, "a[1]: x"]]), logOf("beta", 0, [[1, "a[1]: x"]]));
    expect(clocks[1]).toEqual({ node: "beta" });
    expect(remarks.join()).toMatch(/no event .* clock of beta/);
  });

  it("are told by way of the third node", () => {
    const at = (address: string, port: number): [number, string][] =>
      [3_000, 9_000, 41_000].map((ms) => [ms, route(address, port)]);
    const alpha = logOf("alpha", 0, at("10.0.0.2", 6222));
    const beta = logOf("beta", 500, [
      ...at("10.0.0.1", 40_000),
      ...([60_000, 66_000, 97_000].map((ms) => [ms, route("10.0.0.3", 6222)]) as [number, string][]),
    ]);
    const gamma = logOf(
      "gamma",
      -800,
      [60_000, 66_000, 97_000].map((ms) => [ms, route("10.0.0.2", 40_001)]),
    );
    const { clocks } = align(alpha, beta, gamma);
    expect(Math.abs(clocks[2]!.ms! + 800)).toBeLessThanOrEqual(clocks[2]!.withinMs!);
  });
});

describe("bounds", () => {
  it("agree where most of them overlap, and not where the widest lies", () => {
    const bounds = [
      { loMs: -50, hiMs: 400 },
      { loMs: 95, hiMs: 110 },
      { loMs: 99, hiMs: 120 },
      { loMs: 300, hiMs: 301 },
    ];
    expect(agreedDifference(bounds)).toMatchObject({ ms: 104.5, agreeing: bounds.slice(0, 3) });
  });

  it("are none without any", () => {
    expect(agreedDifference([])).toBeUndefined();
  });
});
