// How inspections form rounds, and how ends of sockets are read.

import { isLoopback, isWildcard, unmapped } from "#history/local-address.ts";
import { describe, expect, it } from "@jest/globals";
import { viewOf } from "#history/view.ts";
import { HistoryBuilder } from "#corpus/builders/history-builder.ts";
import { inspected } from "#corpus/builders/inspections.ts";
import { roundsOf, wholeRounds } from "./inspection-rounds.ts";

describe("rounds of inspections", () => {
  it("end at the second event of a node", () => {
    const builder = new HistoryBuilder("any", []);
    inspected(builder, 10, { active: "alpha" });
    inspected(builder, 11, { active: "alpha" });
    const rounds = roundsOf(viewOf(builder.build()));
    expect(rounds.map(({ inspections, servers }) => [inspections.size, servers.size])).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });

  it("do not join an event that came much later", () => {
    const builder = new HistoryBuilder("any", []);
    inspected(builder, 10, { active: "alpha", nodes: ["alpha"] });
    inspected(builder, 40, { active: "alpha", nodes: ["beta", "gamma"] });
    const view = viewOf(builder.build());
    expect(roundsOf(view)).toHaveLength(2);
    expect(wholeRounds(view)).toEqual([]);
  });
});

describe("an end of a socket", () => {
  it("is an IPv4 address where the IPv6 tables hold one", () => {
    expect(unmapped("[0000:0000:0000:0000:0000:ffff:c612:020a]:9443")).toBe("198.18.2.10:9443");
    expect(unmapped("[0000:0000:0000:0000:0000:ffff:7f00:0001]:4222")).toBe("127.0.0.1:4222");
  });

  it("stays as it is otherwise", () => {
    for (const end of ["198.18.2.10:9443", "[::]:0", "[fe80:0000:0000:0000:0000:ffff:c612:020a]:9443"])
      expect(unmapped(end)).toBe(end);
  });

  it("is on loopback in either family", () => {
    const ends = ["127.0.0.53:53", "[0000:0000:0000:0000:0000:0000:0000:0001]:4222", "[::]:4222", "198.18.0.11:4222"];
    expect(ends.map(isLoopback)).toEqual([true, true, false, false]);
    expect(isLoopback("[0000:0000:0000:0000:0000:ffff:7f00:0001]:4222")).toBe(true);
  });

  it("is every address in either family", () => {
    const every = ["0.0.0.0:9443", "[::]:9443", "[0000:0000:0000:0000:0000:0000:0000:0000]:9443"];
    expect(every.map((one) => isWildcard(one, 9443))).toEqual([true, true, true]);
    const others = ["0.0.0.0:9444", "198.18.0.11:9443", "[0000:0000:0000:0000:0000:0000:0000:0001]:9443"];
    expect(others.map((one) => isWildcard(one, 9443))).toEqual([false, false, false]);
  });
});
