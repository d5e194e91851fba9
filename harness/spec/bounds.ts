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

/** They judge the calls of clients, one by one. */
const judgesService = "RPC-1 TIME-1 FAIL-1 FAIL-2 FAIL-3 FAIL-4 FAIL-5 FAIL-6 FAIL-7 FAIL-8 ROLE-1 INV-3 SEC-5".split(
  " ",
);

/** They judge a promotion, a role or an outage. */
const judgesPromotions =
  "FAIL-9 FAIL-10 ROLE-2 NET-5 BOOT-4 MECH-3 SEC-10 REC-2 REC-3 GATE-1 GATE-2 GATE-3 GATE-4 GATE-5 GATE-6".split(" ");

/**
 * The entries whose verdict rests on each bound. Every entry rests on the others. A test holds it against the rules.
 */
export const restingOn: Partial<Record<keyof Bounds, readonly string[]>> = {
  failoverMinS: ["TIME-1", "FAIL-4", "FAIL-5", "FAIL-10", "DUAL-0"],
  failoverMaxS: [...judgesService, ...judgesPromotions],
  observerGapMaxMs: ["DUAL-0"],
  firstAnswerMaxMs: ["MECH-2"],
  preemptionWatchS: ["MECH-4"],
  outageMaxMs: [...judgesService, "REC-2", "REC-3"],
  powerSpreadMaxMs: ["DUR-7", "DUR-8", "LOSS-1"],
  lossFactsPerS: ["DUR-7", "DUR-8"],
  lossFactsMin: ["DUR-7", "DUR-8"],
  priceAnswersMin: ["DUR-9"],
  churnMax: ["MON-2"],
  churnWindowS: ["MON-2"],
  settleS: ["MON-1", "MON-3", "MON-4", "MON-9"],
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
