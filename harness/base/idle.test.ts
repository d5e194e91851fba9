// Idle time from the text of a kernel.

import { describe, expect, it } from "@jest/globals";
import { stolenIn, ticksIn } from "./idle.ts";

describe("idle", () => {
  it("counts waiting for a disk as idle and a guest's time once", () => {
    const text = "cpu  100 5 50 800 20 0 10 15 70 3\ncpu0 50 2 25 400 10 0 5 8 35 1\nintr 12\n";
    expect(ticksIn(text)).toEqual({ idle: 820, niced: 5, all: 1000 });
  });

  it("is told apart from stolen time", () => {
    expect(stolenIn("cpu  100 5 50 800 20 0 10 15 70 3\n")).toEqual({ stolen: 15, all: 1000 });
    expect(stolenIn("cpu  100 5 50 845\n")).toEqual({ stolen: 0, all: 1000 });
    expect(stolenIn("cpu0 1 2 3\n")).toBeUndefined();
  });

  it("is undefined where there is no such line", () => {
    expect(ticksIn("cpu0 1 2 3\n")).toBeUndefined();
  });
});
