// What a replay showed, for a person: each entry of each file with its share of the runs, beside what the file expects.

import type { ScenarioHead } from "#scenario-file/head-shape.ts";
import type { ScenarioRecord } from "#scenario-file/record.ts";
import type { VerdictName, VerdictsFile } from "#spec/verdict.ts";
import { type Odds, shareText } from "./odds.ts";

type Expectation = ScenarioHead["expect"];

/** The verdict that the file expects of the entry. */
export function expectedOf(expect: Expectation, entry: string): VerdictName | undefined {
  return (["kept", "broken", "unknown"] as const).find((verdict) => expect?.[verdict]?.includes(entry));
}

/** Lines for one file. */
export function replayLines({ name, head }: { name: string; head: ScenarioHead }, odds: readonly Odds[]): string[] {
  const own = odds.filter(({ scenario }) => scenario === name);
  return [`${name}: ${head.title}`, ...own.map((one) => `  ${lineOf(one, expectedOf(head.expect, one.entry))}`)];
}

function lineOf(odds: Odds, expected: VerdictName | undefined): string {
  const { entry, firstBroken } = odds;
  const words = expected === undefined ? [] : [isAsExpected(odds, expected) ? "as expected" : `expected: ${expected}`];
  return [`${entry.padEnd(7)} ${sharesOf(odds)}`, ...words, ...(firstBroken ? [`first: ${firstBroken}`] : [])].join(
    "; ",
  );
}

/** "kept 9 of 10 (60 to 98%), broken 1 of 10 (2 to 40%)". */
function sharesOf(odds: Odds): string {
  const seen = (["kept", "broken", "unknown"] as const).filter((verdict) => odds[verdict].count > 0);
  return seen.map((verdict) => `${verdict} ${shareText(odds[verdict])}`).join(", ");
}

/** Broken once is broken. Kept and unknown hold for every run. */
function isAsExpected(odds: Odds, expected: VerdictName): boolean {
  if (expected === "broken") return odds.broken.count > 0;
  return expected !== "not-applicable" && odds[expected].count === odds[expected].of;
}

/** What the file of a scenario keeps of a replay: the day, the runs, their mean length, and what each entry got. */
export function recordOf(
  name: string,
  { file, odds }: { file: Pick<VerdictsFile, "run" | "entries">; odds: readonly Odds[] },
): ScenarioRecord {
  const own = odds.filter(({ scenario }) => scenario === name);
  const lengths = new Map(
    file.entries.flatMap(({ scenarios }) =>
      scenarios.filter(({ scenario }) => scenario === name).map((one) => [one.repeat, one.durationS ?? 0] as const),
    ),
  );
  const meanS = [...lengths.values()].reduce((sum, one) => sum + one, 0) / Math.max(1, lengths.size);
  return {
    on: file.run.startedAt.slice(0, 10),
    runs: Math.max(...own.map(({ kept }) => kept.of)),
    wallS: Math.round(meanS),
    entries: Object.fromEntries(own.map((one) => [one.entry, sharesOf(one)])),
  };
}
