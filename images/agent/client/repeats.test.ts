// The facts that a client sends again.

import { describe, expect, it } from "@jest/globals";
import { repeatEvery, Repeats } from "./repeats.ts";

/** What is sent again in `calls` calls in a row. */
function taken(repeats: Repeats<string>, calls: number): (string | undefined)[] {
  return Array.from({ length: calls }, () => repeats.next());
}

describe("repeats", () => {
  it("are one call in twenty, with the oldest remembered fact", () => {
    const repeats = new Repeats<string>();
    for (let n = 0; n < 40; n += 1) repeats.ended(`m${n}`, "ok");
    const told = taken(repeats, 2 * repeatEvery);
    expect(told.flatMap((fact, call) => (fact === undefined ? [] : [[call + 1, fact]]))).toEqual([
      [repeatEvery, "m24"],
      [2 * repeatEvery, "m25"],
    ]);
  });

  it("alternate between acknowledged facts and facts in doubt, and leave out certain failures", () => {
    const repeats = new Repeats<string>();
    repeats.ended("failed", "fail");
    repeats.ended("doubtful", "info");
    repeats.ended("sure", "ok");
    expect(taken(repeats, 3 * repeatEvery).filter((fact) => fact !== undefined)).toEqual(["sure", "doubtful"]);
  });
});
