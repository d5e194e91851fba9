// Applies waivers to findings, and says which waivers were used. Pure. A waiver never changes a verdict.

import { brokenWords } from "./figures.ts";
import { isExpired, type Waiver } from "./profile.ts";
import type { EntryVerdict, Finding } from "./verdict.ts";

/**
 * Adds to each broken finding the waiver that matches it; the verdict stays. A finding may consist of several
 * assertions. Then every one that is not kept must be broken and match a waiver, or the first one would hide the
 * others.
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

/** The assertions of a finding that are not kept, in the words that `because` uses for the first of them. */
function notKept({ measured: { assertions = [] } }: Finding): { words: string; verdict: string }[] {
  return assertions
    .filter(({ verdict }) => verdict !== "kept")
    .map((one) => ({ words: brokenWords(one), verdict: one.verdict }));
}

export type WaiverState = "used" | "unused" | "expired";

/** The state of a waiver after a run. The report names unused and expired ones, so that they get removed. */
export function stateOf(waiver: Waiver, entries: readonly EntryVerdict[], startedAt: string): WaiverState {
  if (isExpired(waiver, startedAt)) return "expired";
  const isUsed = entries
    .flatMap((entry) => entry.scenarios)
    .some(
      ({ entry, waived }) => waived !== undefined && entry === waiver.entry && waived.signature === waiver.signature,
    );
  return isUsed ? "used" : "unused";
}
