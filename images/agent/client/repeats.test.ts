// The facts that a client sends again.

import { describe, expect, it } from "@jest/globals";
import { repeatEvery, Repeats } from "./repeats.ts";

/** What is sent again in `calls` calls in a row. */
function taken(repeats: Repeats<string>, calls: number): (string | undefined)[] {
  return Array.from({ length: calls }, () => repeats.next()?.fact);
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

  it("of a zone that recognises them for longer are older facts too, and some carry another payload", () => {
    const repeats = new Repeats<string>(60_000);
    for (let n = 0; n < 20; n += 1) repeats.ended(`m${n}`, "ok", n * 1_000);
    const found = Array.from({ length: 6 * repeatEvery }, () => repeats.next(21_000)).filter(
      (one) => one !== undefined,
    );
    expect(found.map(({ isOther }) => isOther)).toEqual([false, false, false, true, false, true]);
    // The second and the last are at least four seconds old.
    for (const place of [1, 5]) expect(Number(found[place]!.fact.slice(1))).toBeLessThanOrEqual(17);
  });

  it("of an earlier load are named so, and end when the zone need not recognise them", () => {
    const first = new Repeats<string>(60_000);
    first.ended("old", "ok", 1_000);
    const second = new Repeats<string>(60_000, first.remembered);
    const older = (nowMs: number) =>
      Array.from({ length: 2 * repeatEvery }, () => second.next(nowMs)).find((one) => one !== undefined);
    expect(older(30_000)).toEqual({ fact: "old", isOther: false, wasBefore: true });
    expect(Array.from({ length: 12 * repeatEvery }, () => second.next(90_000)).filter((one) => one)).toEqual([]);
  });
});
