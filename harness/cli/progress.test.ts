// Progress lines, on a clock that the test controls.

import { describe, expect, it } from "@jest/globals";
import { durationText } from "#base/duration.ts";
import { remainingMs, TextProgress } from "./progress.ts";

function stage(options: { isTTY: boolean; isCi?: boolean; columns?: number }) {
  const written: string[] = [];
  const clock = { ns: 0 };
  const sink = { isTTY: options.isTTY, columns: options.columns ?? 80, write: (text: string) => written.push(text) };
  const progress = new TextProgress(sink, { isCi: options.isCi ?? false, now: () => clock.ns });
  const pass = (s: number) => {
    clock.ns += s * 1e9;
    progress.tick();
  };
  return { progress, written, pass };
}

describe("progress off a terminal", () => {
  it("prints the start and the end of a step with its duration", () => {
    const { progress, written, pass } = stage({ isTTY: false });
    using _ = progress;
    const step = progress.step("start zone a");
    pass(4);
    step.done("3 nodes");
    expect(written).toEqual(["start  start zone a\n", "done   start zone a: 3 nodes (4 s)\n"]);
  });

  it("repeats a step after 15 s and not before, however often it is updated", () => {
    const { progress, written, pass } = stage({ isTTY: false });
    using _ = progress;
    const step = progress.step("failover", 60_000);
    for (let s = 1; s <= 14; s++) {
      step.update(`look ${s}`);
      pass(1);
    }
    expect(written).toHaveLength(1);
    pass(1);
    expect(written.slice(1)).toEqual(["       failover (15 s, about 45 s left): look 14\n"]);
    pass(14);
    expect(written).toHaveLength(2);
  });

  it("uses plain lines in CI even where there is a terminal", () => {
    const { progress, written } = stage({ isTTY: true, isCi: true });
    using _ = progress;
    progress.step("x").failed("no answer");
    expect(written.join("")).toBe("start  x\nFAIL   x: no answer (0 s)\n");
  });

  it("ends a step once", () => {
    const { progress, written } = stage({ isTTY: false });
    using _ = progress;
    const step = progress.step("x");
    step.done();
    step.failed("late word");
    expect(written).toHaveLength(2);
  });
});

describe("progress on a terminal", () => {
  it("redraws one line per step in place", () => {
    const { progress, written, pass } = stage({ isTTY: true });
    using _ = progress;
    progress.step("a");
    progress.step("b");
    written.length = 0;
    pass(2);
    expect(written).toEqual(["\u001b[2A\u001b[J", "a (2 s)\nb (2 s)\n"]);
  });

  it("never draws a line wider than the terminal", () => {
    const { progress, written, pass } = stage({ isTTY: true, columns: 30 });
    using _ = progress;
    progress.step("a".repeat(100));
    pass(1);
    expect(written.at(-1)).toBe(`${"a".repeat(29)}\n`);
  });
});

describe("the remaining time", () => {
  it("follows the share once it is at least 5%", () => {
    expect(remainingMs({ share: 0.25, expectedMs: 1_000 }, 30_000)).toBe(90_000);
    expect(remainingMs({ share: 0.01, expectedMs: 100_000 }, 30_000)).toBe(70_000);
  });

  it("is unknown when the estimate has passed", () => {
    expect(remainingMs({ expectedMs: 1_000 }, 1_000)).toBeNull();
    expect(remainingMs({}, 5)).toBeNull();
  });
});

it("writes durations for people", () => {
  expect([900, 65_000, 3_600_000, 7_380_000].map(durationText)).toEqual([
    "1 s",
    "1 min 05 s",
    "1 h 00 min",
    "2 h 03 min",
  ]);
});
