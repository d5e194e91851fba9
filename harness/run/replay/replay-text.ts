// What a replay showed, for a person: each entry of each file with its share of the runs, beside what the file expects.

import type { ScenarioHead } from "#scenario-file/head-shape.ts";
import type { VerdictName } from "#spec/verdict.ts";
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
  const seen = (["kept", "broken", "unknown"] as const).filter((verdict) => odds[verdict].count > 0);
  const shares = seen.map((verdict) => `${verdict} in ${shareText(odds[verdict])}`).join(", ");
  const words = expected === undefined ? [] : [isAsExpected(odds, expected) ? "as expected" : `expected: ${expected}`];
  return [`${entry.padEnd(7)} ${shares}`, ...words, ...(firstBroken ? [`first: ${firstBroken}`] : [])].join("; ");
}

/** Broken once is broken. Kept and unknown hold for every run. */
function isAsExpected(odds: Odds, expected: VerdictName): boolean {
  if (expected === "broken") return odds.broken.count > 0;
  return expected !== "not-applicable" && odds[expected].count === odds[expected].of;
}
