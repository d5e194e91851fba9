// How often each entry got each verdict over the repeats of a file, and how sure that share is.

import type { EntryVerdict, VerdictName } from "#spec/verdict.ts";

export interface Share {
  count: number;
  of: number;
  /** Bounds of the 95% confidence interval, 0 to 1. */
  from: number;
  to: number;
}

/** What one entry got in the repeats of one scenario. */
export interface Odds {
  entry: string;
  scenario: string;
  kept: Share;
  broken: Share;
  unknown: Share;
  /** History of the first run that broke it. */
  firstBroken?: string;
}

/** The standard normal distribution has 95% of its mass within this many deviations. */
const z95 = 1.959964;

/** Wilson's score interval. It stays inside of 0 to 1, and holds for few runs and for shares near the ends. */
export function wilson(count: number, of: number): Share {
  if (of === 0) return { count, of, from: 0, to: 1 };
  const share = count / of;
  const z2 = z95 ** 2;
  const middle = share + z2 / (2 * of);
  const half = z95 * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of ** 2));
  const scale = 1 + z2 / of;
  // Rounding may leave the ends a little off where all or none count.
  return {
    count,
    of,
    from: count === 0 ? 0 : (middle - half) / scale,
    to: count === of ? 1 : (middle + half) / scale,
  };
}

/** For each entry and scenario, in the order of the entries. Runs of one entry are those that were to decide it. */
export function oddsOf(entries: readonly EntryVerdict[]): Odds[] {
  return entries.flatMap(({ id, scenarios }) =>
    [...Map.groupBy(scenarios, ({ scenario }) => scenario)].map(([scenario, runs]) => {
      const share = (verdict: VerdictName) => wilson(runs.filter((one) => one.verdict === verdict).length, runs.length);
      const first = runs
        .toSorted((one, other) => one.repeat - other.repeat)
        .find(({ verdict }) => verdict === "broken");
      const shares = { kept: share("kept"), broken: share("broken"), unknown: share("unknown") };
      return { entry: id, scenario, ...shares, ...(first ? { firstBroken: first.history } : {}) };
    }),
  );
}

/** The figures of two runs as one. The history of the first red run is that of the later folder. */
export function addOdds(before: readonly Odds[], now: readonly Odds[]): Odds[] {
  return now.map((one) => {
    const last = before.find(({ entry, scenario }) => entry === one.entry && scenario === one.scenario);
    if (!last) return one;
    const sum = (verdict: "kept" | "broken" | "unknown") =>
      wilson(last[verdict].count + one[verdict].count, last[verdict].of + one[verdict].of);
    return { ...one, kept: sum("kept"), broken: sum("broken"), unknown: sum("unknown") };
  });
}

/** "9 of 10 (60 to 98%)". */
export function shareText({ count, of, from, to }: Share): string {
  const percent = (share: number) => Math.round(share * 100);
  return `${count} of ${of} (${percent(from)} to ${percent(to)}%)`;
}
