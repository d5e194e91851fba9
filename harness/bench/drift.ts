// Compares failover times of several zones at a time with those of a single zone. Pure.

import { defined } from "#base/defined.ts";

export interface DriftRow {
  /** Zones at a time. */
  width: number;
  samples: number;
  medianS?: number;
  /** The shortest and the longest time: how much failovers differ at the same width. */
  rangeS?: [least: number, most: number];
  /** Change of the median against a single zone: 0.03 is 3% later. */
  drift?: number;
}

/** One row per width, in order. A row lacks what could not be computed. */
export function driftRows(timesS: ReadonlyMap<number, readonly number[]>): DriftRow[] {
  const alone = medianOf(timesS.get(1) ?? []);
  return [...timesS]
    .sort(([a], [b]) => a - b)
    .map(([width, times]) => {
      const medianS = medianOf(times);
      const row = { width, samples: times.length };
      if (medianS === undefined) return row;
      const rangeS: [number, number] = [Math.min(...times), Math.max(...times)];
      return { ...row, medianS, rangeS, ...defined({ drift: alone === undefined ? undefined : medianS / alone - 1 }) };
    });
}

/** The largest width up to which no width changes by more than `most`. Undefined when a single zone was not timed. */
export function widestWithin(rows: readonly DriftRow[], most: number): number | undefined {
  const firstBad = rows.findIndex(({ drift }) => drift === undefined || Math.abs(drift) > most);
  return (firstBad < 0 ? rows : rows.slice(0, firstBad)).at(-1)?.width;
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return sorted.length > 0 ? (sorted[middle - 1]! + sorted[middle]!) / 2 : undefined;
}
