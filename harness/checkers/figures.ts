// Figures of one entry over all runs: what the report shows beside the verdict. They explain; they decide nothing.

import type { EntryVerdict } from "#spec/verdict.ts";

type Runs = EntryVerdict["scenarios"];

/** Figures of an entry; always `{runs, kept, broken, unknown}`, and what the entry measures besides. */
export function figuresOf(id: string, scenarios: Runs): Record<string, unknown> {
  const judged = scenarios.filter((one) => one.verdict !== "not-applicable");
  const count = (verdict: string) => judged.filter((one) => one.verdict === verdict).length;
  const counts = { runs: judged.length, kept: count("kept"), broken: count("broken"), unknown: count("unknown") };
  return { ...counts, ...(special[id]?.(judged) ?? common(judged)) };
}

const special: Record<string, (runs: Runs) => Record<string, unknown>> = {
  "TIME-1": failoverFigures,
  "DUAL-0": (runs) => ({
    overlapMs: most(runs, "overlapMs"),
    overlapUpperBoundMs: most(runs, "overlapUpperBoundMs"),
    uncertaintyMs: most(runs, "uncertaintyMs"),
    closestApproachMs: least(runs, "closestApproachMs"),
    vipOverlapMs: most(runs, "vipOverlapMs"),
    interleavedAnswers: total(runs, "interleavedAnswers"),
  }),
  "DUR-6": (runs) => ({
    acknowledged: total(runs, "acknowledged"),
    lost: total(runs, "lost"),
    lostPrefix: total(runs, "lostPrefix"),
    lostMiddle: total(runs, "lostMiddle"),
    lostTail: total(runs, "lostTail"),
    altered: total(runs, "altered"),
    duplicates: total(runs, "duplicates"),
    infoStored: total(runs, "infoStored"),
    infoAbsent: total(runs, "infoAbsent"),
  }),
  "DUR-7": lossFigures,
  "DUR-8": lossFigures,
  "DUR-9": (runs) => ({ byTier: pricesOf(runs) }),
};

/** Over all power losses: how much there was to lose, and what was lost. */
function lossFigures(runs: Runs): Record<string, unknown> {
  const oldest = runs.map((run) => (run.measured["lostAgeS"] as { oldest?: number } | undefined)?.oldest ?? 0);
  return {
    acknowledged: total(runs, "acknowledged"),
    acknowledgedPerSLeast: least(runs, "acknowledgedPerS"),
    lost: total(runs, "lost"),
    lostBeforeASurvivor: total(runs, "lostBeforeASurvivor"),
    oldestLostS: Math.max(0, ...oldest),
    powerSpreadMs: most(runs, "powerSpreadMs"),
  };
}

/** The tiers of one run side by side; of several repeats the median. */
function pricesOf(runs: Runs): Record<string, Record<string, number | null>> {
  const tiers = [...new Set(runs.map((run) => String(run.measured["tier"])))].sort();
  const of = (tier: string, name: string) =>
    median(
      numbers(
        runs.filter((run) => run.measured["tier"] === tier),
        name,
      ).sort((a, b) => a - b),
    ) ?? null;
  const row = (tier: string) =>
    Object.fromEntries(["factsPerS", "p50Ms", "p99Ms", "unanswered"].map((name) => [name, of(tier, name)]));
  return Object.fromEntries(tiers.map((tier) => [tier, row(tier)]));
}

/** The worst of each number that the runs have in common. */
function common(runs: Runs): Record<string, unknown> {
  const names = new Set(
    runs.flatMap((run) => Object.keys(run.measured).filter((name) => typeof run.measured[name] === "number")),
  );
  return Object.fromEntries([...names].map((name) => [`${name}Most`, most(runs, name)]));
}

export interface Spread {
  n: number;
  minS: number;
  medianS: number;
  p95S: number;
  maxS: number;
}

function failoverFigures(runs: Runs): Record<string, unknown> {
  const timed = runs.filter((run) => typeof run.measured["failoverS"] === "number");
  const ways = [...new Set(timed.map((run) => String(run.measured["way"])))];
  const byWay = Object.fromEntries(
    ways.map((way) => {
      const of = timed.filter((run) => String(run.measured["way"]) === way);
      return [way, { ...spreadOf(numbers(of, "failoverS")), phases: phaseMedians(of) }];
    }),
  );
  return { ...spreadOf(numbers(timed, "failoverS")), phases: phaseMedians(timed), byWay, decision: decisionOf(runs) };
}

/** Smallest, median, 95th percentile (nearest rank) and largest; empty for no number. */
export function spreadOf(values: readonly number[]): Spread | { n: 0 } {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return { n: 0 };
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { n: sorted.length, minS: sorted[0]!, medianS: median(sorted)!, p95S: rank(0.95), maxS: sorted.at(-1)! };
}

/**
 * What n of n runs say: with 95% confidence at least 0.05^(1/n) of all failovers are inside the bound, because a
 * smaller share would give n of n in less than one of twenty tries.
 */
function decisionOf(runs: Runs): string {
  const inside = runs.filter((run) => run.verdict === "kept").length;
  const says = `${inside} of ${runs.length} failovers inside the bound`;
  if (runs.length === 0 || inside < runs.length) return says;
  // Rounded down: the sentence must not promise more than the arithmetic.
  const percent = Math.floor(1000 * 0.05 ** (1 / runs.length)) / 10;
  return `${says}: at least ${percent}% of failovers are, with 95% confidence`;
}

function phaseMedians(runs: Runs): Record<string, number | null> {
  const names = ["vipMs", "gatesMs", "startMs", "answerMs"];
  const of = (name: string) =>
    runs
      .map((run) => (run.measured["phases"] as Record<string, unknown> | undefined)?.[name])
      .filter((value) => typeof value === "number");
  return Object.fromEntries(names.map((name) => [name, median([...of(name)].sort((a, b) => a - b)) ?? null]));
}

function median(sorted: readonly number[]): number | undefined {
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return sorted.length === 0 ? undefined : Math.round((sorted[middle - 1]! + sorted[middle]!) * 500) / 1000;
}

function numbers(runs: Runs, name: string): number[] {
  return runs.map((run) => run.measured[name]).filter((value) => typeof value === "number");
}

function most(runs: Runs, name: string): number | null {
  return numbers(runs, name).reduce<number | null>(
    (worst, value) => (worst === null || value > worst ? value : worst),
    null,
  );
}

function least(runs: Runs, name: string): number | null {
  return numbers(runs, name).reduce<number | null>(
    (worst, value) => (worst === null || value < worst ? value : worst),
    null,
  );
}

function total(runs: Runs, name: string): number {
  return numbers(runs, name).reduce((sum, value) => sum + value, 0);
}
