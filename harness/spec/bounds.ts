// How far a profile may move each bound. Outside of its range a bound would excuse a zone that breaks the pattern.

import { type Bounds, defaultBounds } from "./verdict.ts";

/** Least and greatest value of each bound. The default lies inside. */
export const boundRanges: { readonly [Name in keyof Bounds]: readonly [min: number, max: number] } = {
  failoverMinS: [1, 30],
  failoverMaxS: [10, 120],
  loadFloorPerS: [10, 1_000],
  observerGapMaxMs: [1, 100],
  outageMaxMs: [1_000, 60_000],
  requestMaxMs: [500, 15_000],
  fullRateMaxMs: [500, 15_000],
  fullRatePercent: [50, 100],
  firstAnswerMaxMs: [100, 10_000],
  neighbourAgeMaxMs: [100, 5_000],
  preemptionWatchS: [10, 600],
  powerSpreadMaxMs: [1, 50],
  lossFactsPerS: [50, 10_000],
  lossFactsMin: [1_000, 1_000_000],
  // A 99th percentile of fewer answers rests on less than ten of them.
  priceAnswersMin: [1_000, 1_000_000],
  churnMax: [3, 20],
  churnWindowS: [10, 300],
  settleS: [1, 60],
  lagMaxS: [1, 300],
  lagMaxFacts: [100, 1_000_000],
};

export const boundNames = Object.keys(boundRanges) as (keyof Bounds)[];

/** What is wrong with these bounds, and what was expected; undefined when nothing is. */
export function wrongBound(given: Partial<Bounds>): { happened: string; expected: string } | undefined {
  // A plan of an older version lacks the newer bounds. Then the pattern's hold.
  const bounds = { ...defaultBounds, ...given };
  for (const name of boundNames) {
    const [min, max] = boundRanges[name];
    const value = bounds[name];
    if (!(value >= min && value <= max)) return { happened: `${name} is ${value}`, expected: `${min} to ${max}` };
  }
  if (bounds.failoverMinS < bounds.failoverMaxS) return undefined;
  return {
    happened: `failoverMinS is ${bounds.failoverMinS} and failoverMaxS is ${bounds.failoverMaxS}`,
    expected: "failoverMinS below failoverMaxS",
  };
}

/** The entries whose verdict rests on each bound. Every scenario rests on the others. */
const restingOn: Partial<Record<keyof Bounds, readonly string[]>> = {
  failoverMinS: ["TIME-1", "FAIL-4", "DUAL-0"],
  failoverMaxS: ["TIME-1", "FAIL-1", "FAIL-5", "NET-5"],
  observerGapMaxMs: ["DUAL-0"],
  firstAnswerMaxMs: ["MECH-2"],
  preemptionWatchS: ["MECH-4"],
  outageMaxMs: ["FAIL-2", "FAIL-3", "FAIL-6"],
  powerSpreadMaxMs: ["DUR-7", "DUR-8"],
  lossFactsPerS: ["DUR-7", "DUR-8"],
  lossFactsMin: ["DUR-7", "DUR-8"],
  priceAnswersMin: ["DUR-9"],
  churnMax: ["MON-2"],
  churnWindowS: ["MON-2"],
  settleS: ["MON-1"],
  lagMaxS: ["MON-11"],
  lagMaxFacts: ["MON-11"],
};

/** `failoverMaxS 60 (pattern: 30)` for each bound that was moved; of one entry, or of all. */
export function movedBounds(bounds: Bounds, entry?: string): string[] {
  return boundNames
    .filter((name) => bounds[name] !== undefined && bounds[name] !== defaultBounds[name])
    .filter((name) => entry === undefined || (restingOn[name]?.includes(entry) ?? true))
    .map((name) => `${name} ${bounds[name]} (pattern: ${defaultBounds[name]})`);
}
