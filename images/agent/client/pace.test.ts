// The open-loop pace.

import { describe, expect, it } from "@jest/globals";
import { Beats } from "./pace.ts";

const ms = 1e6;

describe("the pace", () => {
  it("keeps its rate at any resolution of the timer", () => {
    const beats = new Beats(100, 0);
    let count = 0;
    for (let now = 0; now < 1000 * ms; now += 7 * ms) count += beats.take(now).due;
    expect(count).toBe(100);
  });

  it("catches up after a late timer, up to a bound, and counts what it drops", () => {
    const beats = new Beats(100, 0);
    expect(beats.take(0)).toEqual({ due: 1, skipped: 0 });
    expect(beats.take(100 * ms)).toEqual({ due: 10, skipped: 0 });
    const late = beats.take(3100 * ms);
    expect(late.skipped + late.due).toBe(300);
    expect(late.due).toBeLessThanOrEqual(101);
    expect(late.skipped).toBeGreaterThan(0);
  });

  it("gathers beats that are due within 50 ms, and waits for a later one", () => {
    const fast = new Beats(1000, 0);
    expect(fast.waitMs(5000 * ms)).toBe(50);
    const slow = new Beats(2, 0);
    slow.take(0);
    expect(slow.waitMs(0)).toBe(500);
  });
});
