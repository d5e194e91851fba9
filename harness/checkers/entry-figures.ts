// The figures of one entry over all its runs, as the report shows them beside the verdict. They explain it and never
// decide it.

import type { EntryFigures, Figures, NumberFigure, Phases, Spread, TierCost, TimedFailover } from "#spec/figures.ts";
import type { EntryVerdict } from "#spec/verdict.ts";

type Runs = EntryVerdict["scenarios"];

/** Always the number of runs by verdict; then the figures of that entry, or the largest of each number. */
export function entryFigures(id: string, scenarios: Runs): EntryFigures {
  const judged = scenarios.filter((one) => one.verdict !== "not-applicable");
  const count = (verdict: string) => judged.filter((one) => one.verdict === verdict).length;
  const counts = { runs: judged.length, kept: count("kept"), broken: count("broken"), unknown: count("unknown") };
  return { ...counts, ...(special[id]?.(judged) ?? largest(judged)) };
}

const special: Record<string, (runs: Runs) => EntryFigures> = {
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
  "RPC-1": (runs) => ({
    fetches: total(runs, "fetches"),
    factsFetched: total(runs, "factsFetched"),
    servedPercentLeast: lowest(runs.flatMap(({ measured }) => Object.values(measured.servedPercent ?? {}))),
    staleMs: most(runs, "staleMs"),
  }),
  "RPC-3": (runs) => ({ otherPayloads: total(runs, "otherPayloads"), olderRepeats: total(runs, "olderRepeats") }),
  "DUR-9": (runs) => ({ byTier: costsByTier(runs) }),
};

/** Over all power losses: how much could be lost, and what was. */
function lossFigures(runs: Runs): EntryFigures {
  return {
    acknowledged: total(runs, "acknowledged"),
    acknowledgedPerSLeast: least(runs, "acknowledgedPerS"),
    lost: total(runs, "lost"),
    lostBeforeASurvivor: total(runs, "lostBeforeASurvivor"),
    oldestLostS: Math.max(0, ...runs.map(({ measured }) => measured.lostAgeS?.oldest ?? 0)),
    powerSpreadMs: most(runs, "powerSpreadMs"),
  };
}

/** The tiers side by side; of several repeats the median. */
function costsByTier(runs: Runs): Record<string, TierCost> {
  const tiers = [...new Set(runs.map(({ measured }) => String(measured.tier)))].sort();
  const costOf = (tier: string): TierCost => {
    const own = runs.filter(({ measured }) => measured.tier === tier);
    return {
      factsPerS: medianOf(own, "factsPerS"),
      p50Ms: medianOf(own, "p50Ms"),
      p99Ms: medianOf(own, "p99Ms"),
      unanswered: medianOf(own, "unanswered"),
    };
  };
  return Object.fromEntries(tiers.map((tier) => [tier, costOf(tier)]));
}

/** The largest of each number that the runs measured. */
function largest(runs: Runs): EntryFigures {
  const names = new Set(runs.flatMap(({ measured }) => numberNames(measured)));
  return Object.fromEntries([...names].map((name) => [`${name}Most`, most(runs, name)]));
}

function numberNames(measured: Figures): NumberFigure[] {
  const names = Object.keys(measured) as (keyof Figures)[];
  return names.filter((name) => typeof measured[name] === "number") as NumberFigure[];
}

/** A takeover that had to wait for the repair of a node says nothing about the time of a failover, if it is right. */
function failoverFigures(runs: Runs): EntryFigures {
  const timed = runs.flatMap(timedIn).filter(({ isDenied, verdict }) => !isDenied || verdict !== "kept");
  const ways = [...new Set(timed.map(({ way }) => way))];
  const summary = (of: readonly TimedFailover[]) => ({
    ...spreadOf(of.map(({ failoverS }) => failoverS)),
    phases: phaseMedians(of),
  });
  const byWay = Object.fromEntries(ways.map((way) => [way, summary(timed.filter((one) => one.way === way))]));
  return { ...summary(timed), byWay, decision: decisionOf(runs, timed) };
}

/** The failovers of one run. A history of an older version has one at most. */
export function timedIn({ verdict, measured }: Runs[number]): TimedFailover[] {
  if (measured.timed) return measured.timed;
  const { way, from = "", to = "", fault = "", failoverS, phases = noPhases } = measured;
  if (typeof failoverS !== "number" || verdict === "not-applicable") return [];
  const rest = { failoverUpperS: failoverS, effectUncertaintyMs: 0, lastOkOfOldMs: 0, runnablePerCore: null };
  return [{ ...rest, way: String(way), from, to, fault, failoverS, phases, verdict }];
}

const noPhases: Phases = { vipMs: null, gatesMs: null, startMs: null, answerMs: null };

/** Smallest, median, 95th percentile (nearest rank) and largest; empty for no number. */
export function spreadOf(values: readonly number[]): Spread | { n: 0 } {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return { n: 0 };
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { n: sorted.length, minS: sorted[0]!, medianS: median(sorted)!, p95S: rank(0.95), maxS: sorted.at(-1)! };
}

/**
 * What n of n runs say: with 95% confidence at least 0.05^(1/n) of all failovers are inside the bound. With a smaller
 * share, less than one of twenty such series would have all n inside.
 */
function decisionOf(runs: Runs, timed: readonly TimedFailover[]): string {
  const inside = timed.filter(({ verdict }) => verdict === "kept").length;
  const untimed = runs.filter((run) => run.verdict !== "kept" && timedIn(run).length === 0);
  const all = timed.length + untimed.length;
  const says = `${inside} of ${all} failovers inside the bound`;
  if (all === 0 || inside < all) return says;
  // Rounded down: the sentence must not promise more than the arithmetic.
  const percent = Math.floor(1000 * 0.05 ** (1 / all)) / 10;
  return `${says}: at least ${percent}% of failovers are, with 95% confidence`;
}

function phaseMedians(timed: readonly TimedFailover[]): Phases {
  const of = (name: keyof Phases) => {
    const values = timed.map(({ phases }) => phases[name]).filter((value) => typeof value === "number");
    return median([...values].sort((a, b) => a - b)) ?? null;
  };
  return { vipMs: of("vipMs"), gatesMs: of("gatesMs"), startMs: of("startMs"), answerMs: of("answerMs") };
}

function median(sorted: readonly number[]): number | undefined {
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  return sorted.length === 0 ? undefined : Math.round((sorted[middle - 1]! + sorted[middle]!) * 500) / 1000;
}

function medianOf(runs: Runs, name: NumberFigure): number | null {
  return median(numbers(runs, name).sort((a, b) => a - b)) ?? null;
}

function numbers(runs: Runs, name: NumberFigure): number[] {
  return runs.map(({ measured }) => measured[name]).filter((value) => typeof value === "number");
}

function most(runs: Runs, name: NumberFigure): number | null {
  const values = numbers(runs, name);
  return values.length === 0 ? null : values.reduce((worst, value) => (value > worst ? value : worst));
}

function least(runs: Runs, name: NumberFigure): number | null {
  return lowest(numbers(runs, name));
}

function lowest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((best, value) => (value < best ? value : best));
}

function total(runs: Runs, name: NumberFigure): number {
  return numbers(runs, name).reduce((sum, value) => sum + value, 0);
}
