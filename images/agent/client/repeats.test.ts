// Claims about the facts that a client sends again.

import { describe, expect, it } from "@jest/globals";
import { repeatEvery, Repeats } from "./repeats.ts";

/** What `calls` calls in a row are told to send again. */
function taken(repeats: Repeats<string>, calls: number): (string | undefined)[] {
  return Array.from({ length: calls }, () => repeats.next());
}

describe("repeats", () => {
  it("are one call in twenty, the eldest fact that is remembered", () => {
    const repeats = new Repeats<string>();
    for (let n = 0; n < 40; n += 1) repeats.ended(`m${n}`, "ok");
    const told = taken(repeats, 2 * repeatEvery);
    expect(told.flatMap((fact, call) => (fact === undefined ? [] : [[call + 1, fact]]))).toEqual([
      [repeatEvery, "m24"],
      [2 * repeatEvery, "m25"],
    ]);
  });

  it("take acknowledged facts and facts in doubt in turns, and none that certainly failed", () => {
    const repeats = new Repeats<string>();
    repeats.ended("failed", "fail");
    repeats.ended("doubtful", "info");
    repeats.ended("sure", "ok");
    expect(taken(repeats, 3 * repeatEvery).filter((fact) => fact !== undefined)).toEqual(["sure", "doubtful"]);
  });
});
