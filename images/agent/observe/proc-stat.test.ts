// The text of /proc/PID/stat.

import { describe, expect, it } from "@jest/globals";
import { parseStat, startedNs, stateIn } from "./proc-stat.ts";

const line =
  "333 (a (b) c) T 310 333 333 0 -1 4194560 114 0 0 0 0 0 0 0 20 0 1 0 104325 2646016 378 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0\n";

describe("a stat line", () => {
  it("is read past brackets in the command", () => {
    expect(parseStat(line)).toEqual({ comm: "a (b) c", state: "T", parent: 310, startTicks: 104_325 });
    expect(stateIn(Buffer.from(line), line.length)).toBe("T");
  });

  it("is refused when it is another text", () => {
    expect(() => parseStat("nothing here")).toThrow("not a stat line");
    expect(stateIn(Buffer.from("nothing"), 7)).toBe("");
  });

  it("gives the start on the monotonic clock", () => {
    expect(startedNs(104_325, 250_000_000)).toBe(1_043_000_000_000);
  });
});
