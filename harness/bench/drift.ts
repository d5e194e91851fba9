// Failover times of zones side by side, held beside those of a zone alone. Pure.

export interface DriftRow {
  /** Zones side by side. */
  width: number;
  samples: number;
  medianS?: number;
  /** The least and the greatest time seen: how far one failover differs from the next whatever the width. */
  rangeS?: [least: number, most: number];
  /** Of the median against that of a zone alone: 0.03 is 3% later. */
  drift?: number;
}

/** One row a width, in order; a row lacks what could not be computed. */
export function driftRows(timesS: ReadonlyMap<number, readonly number[]>): DriftRow[] {
  const alone = medianOf(timesS.get(1) ?? []);
  return [...timesS]
    .sort(([a], [b]) => a - b)
    .map(([width, times]) => {
      const medianS = medianOf(times);
      const row = { width, samples: times.length };
      if (medianS === undefined) return row;
      const rangeS: [number, number] = [Math.min(...times), Math.max(...times)];
      return { ...row, medianS, rangeS, ...(alone === undefined ? {} : { drift: medianS / alone - 1 }) };
    });
}

/** The largest width up to which no width drifts by more, either way; nothing when a zone alone was not timed. */
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
