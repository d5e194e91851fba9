// Two timelines side by side.

import { describe, expect, it } from "@jest/globals";
import { compare, comparisonText } from "./compare.ts";
import { LogReader } from "./node-log.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

/** Beta's log; times in seconds. */
function timelineFrom(lines: [number, string][]): Timeline {
  const reader = new LogReader("beta", 0, 2026);
  for (const [index, [s, text]] of lines.entries()) {
    const stamp = new Date(Date.UTC(2026, 10, 30) + s * 1_000).toISOString();
    reader.take({ text: `${stamp} n ${text}`, number: index + 1, isCut: false, isOpen: false });
  }
  const file = reader.summary("beta.log", { bytes: 0 });
  return timelineOf([{ node: "beta", files: [file], seen: reader.seen, silences: [] }]);
}

const vrrp = (state: string) => `Keepalived_vrrp[1]: (z) Entering ${state} STATE`;
const gate = (text: string) => `bsfg-gate[2]: ${text}`;
const day = Date.UTC(2026, 10, 30);

describe("a field and its replay", () => {
  const field = timelineFrom([
    [5, vrrp("BACKUP")],
    [24.2, vrrp("MASTER")],
    [30, gate("active")],
    [44, vrrp("BACKUP")],
  ]);
  const replay = timelineFrom([
    [104.4, vrrp("MASTER")],
    [110.5, gate("active")],
    [111, vrrp("FAULT")],
  ]);
  const rows = compare({ timeline: field, zeroMs: day + 20_000 }, { timeline: replay, zeroMs: day + 100_000 });

  it("count from their first fault, and show what one of them lacks", () => {
    expect(rows.map(({ fieldMs, replayMs, what }) => [fieldMs, replayMs, what.slice(0, 11)])).toEqual([
      [4_200, 4_400, "VRRP MASTER"],
      [10_000, 10_500, "active"],
      [undefined, 11_000, "VRRP FAULT"],
      [24_000, undefined, "VRRP BACKUP"],
    ]);
  });

  it("are printed with a mark and a sum", () => {
    const text = comparisonText(rows);
    expect(text.filter((line) => line.startsWith("!"))).toHaveLength(2);
    expect(text.at(-1)).toBe("2 of 4 events are in both");
  });

  it("leave out what the field did before its first fault", () => {
    expect(rows.some(({ fieldMs }) => fieldMs !== undefined && fieldMs < 0)).toBe(false);
  });
});
