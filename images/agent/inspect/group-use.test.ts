// The figures of a control group, in the words of both versions.

import { describe, expect, it } from "@jest/globals";
import { countIn, throttledMsIn } from "./group-use.ts";

const first = "nr_periods 40\nnr_throttled 12\nthrottled_time 3500000000\n";
const second = "usage_usec 9\nnr_throttled 3\nthrottled_usec 250000\n";

describe("the figures of a control group", () => {
  it("are read by their whole name", () => {
    expect([countIn(first, "nr_throttled"), countIn(second, "nr_throttled")]).toEqual([12, 3]);
    expect(countIn("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", "oom_kill")).toBe(2);
    expect(countIn("low 0\nmax 7\noom_group_kill 1\n", "oom_kill")).toBe(0);
  });

  it("have milliseconds from both versions", () => {
    expect([throttledMsIn(first), throttledMsIn(second), throttledMsIn("")]).toEqual([3_500, 250, 0]);
  });
});
