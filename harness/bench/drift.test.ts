// How several zones at a time change failover times, from given times.

import { describe, expect, it } from "@jest/globals";
import { driftRows, widestWithin } from "./drift.ts";

describe("drift", () => {
  it("is the change of the median against a single zone", () => {
    const rows = driftRows(
      new Map([
        [2, [10.2, 10.8]],
        [1, [10, 9, 11]],
      ]),
    );
    expect(rows.map(({ width, samples, medianS }) => [width, samples, medianS])).toEqual([
      [1, 3, 10],
      [2, 2, 10.5],
    ]);
    expect(rows[1]!.drift).toBeCloseTo(0.05, 9);
    expect(rows.map(({ rangeS }) => rangeS)).toEqual([
      [9, 11],
      [10.2, 10.8],
    ]);
  });

  it("is within the bound up to the first width that is not, earlier failovers included", () => {
    const rows = driftRows(
      new Map([
        [1, [10]],
        [2, [10.4]],
        [3, [9]],
        [4, [10.1]],
      ]),
    );
    expect(widestWithin(rows, 0.05)).toBe(2);
  });

  it("is unknown for a width that was not timed, and for all when a single zone was not timed", () => {
    expect(
      widestWithin(
        driftRows(
          new Map([
            [1, [10]],
            [2, []],
            [3, [10]],
          ]),
        ),
        0.05,
      ),
    ).toBe(1);
    expect(
      widestWithin(
        driftRows(
          new Map([
            [1, []],
            [2, [10]],
          ]),
        ),
        0.05,
      ),
    ).toBeUndefined();
  });
});
