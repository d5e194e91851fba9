// Waivers over findings: what they mark, and what became of each. Pure; nothing here makes a verdict better.

import { brokenWords } from "./figures.ts";
import { isExpired, type Waiver } from "./profile.ts";
import type { EntryVerdict, Finding } from "./verdict.ts";

/**
 * Findings with the waiver beside each broken one that it names. The verdict itself stays: the zone did break it. A finding
 * that is a list of assertions is waived when each broken one is, and none is undecided: the others would hide behind the first.
 */
export function withWaivers(findings: readonly Finding[], waivers: readonly Waiver[], startedAt: string): Finding[] {
  const inForce = waivers.filter((one) => !isExpired(one, startedAt));
  return findings.map((finding) => {
    if (finding.verdict !== "broken") return finding;
    const own = inForce.filter((one) => one.entry === finding.entry);
    const covers = (words: string) => own.find((one) => new RegExp(one.signature).test(words));
    const waived = covers(finding.because);
    if (!waived || !notKept(finding).every(({ words, verdict }) => verdict === "broken" && covers(words)))
      return finding;
    return { ...finding, waived };
  });
}

/** The assertions of a finding that were not kept, each in the words that `because` has for the first of them. */
function notKept({ measured: { assertions = [] } }: Finding): { words: string; verdict: string }[] {
  return assertions
    .filter(({ verdict }) => verdict !== "kept")
    .map((one) => ({ words: brokenWords(one), verdict: one.verdict }));
}

export type WaiverState = "used" | "unused" | "expired";

/** What became of a waiver in a run: one that is unused or expired is said, so that it gets removed. */
export function stateOf(waiver: Waiver, entries: readonly EntryVerdict[], startedAt: string): WaiverState {
  if (isExpired(waiver, startedAt)) return "expired";
  const isUsed = entries
    .flatMap((entry) => entry.scenarios)
    .some(
      ({ entry, waived }) => waived !== undefined && entry === waiver.entry && waived.signature === waiver.signature,
    );
  return isUsed ? "used" : "unused";
}
