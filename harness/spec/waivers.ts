// Applies waivers to findings, and says which waivers were used. Pure. A waiver never changes a verdict.

import { brokenWords } from "./figures.ts";
import { isExpired, isNamedBy, refusalOf, type Waiver } from "./profile.ts";
import type { EntryVerdict, Finding } from "./verdict.ts";

/**
 * Adds to each broken finding the waiver that matches it; the verdict stays. A finding may consist of several
 * assertions. Then every one that is not kept must be broken and have a waiver of its own, or the first one would hide
 * the others.
 */
export function withWaivers(findings: readonly Finding[], waivers: readonly Waiver[], startedAt: string): Finding[] {
  const inForce = waivers.filter((one) => !isExpired(one, startedAt) && refusalOf(one, startedAt) === undefined);
  return findings.map((finding) => {
    if (finding.verdict !== "broken") return finding;
    const rows = assertionsOf(finding);
    const own = inForce.filter((one) => one.entry === finding.entry && isOfOne(one, rows));
    const covers = (words: string) => own.find((one) => isNamedBy(words, one));
    const waived = covers(finding.because);
    const notKept = rows.filter(({ verdict }) => verdict !== "kept");
    if (!waived || !notKept.every(({ words, verdict }) => verdict === "broken" && covers(words))) return finding;
    return { ...finding, waived };
  });
}

type Row = { words: string; verdict: string };

/** The assertions of a finding, in the words that `because` uses for the first of them. */
function assertionsOf({ measured: { assertions = [] } }: Finding): Row[] {
  return assertions.map((one) => ({ words: brokenWords(one), verdict: one.verdict }));
}

/** A signature that matches two assertions of a finding names neither. */
function isOfOne(waiver: Waiver, rows: readonly Row[]): boolean {
  return rows.filter(({ words }) => isNamedBy(words, waiver)).length <= 1;
}

export type WaiverState = "used" | "unused" | "expired" | "refused";

/** The state of a waiver after a run. The report names unused and expired ones, so that they get removed. */
export function stateOf(waiver: Waiver, entries: readonly EntryVerdict[], startedAt: string): WaiverState {
  if (isExpired(waiver, startedAt)) return "expired";
  if (refusalOf(waiver, startedAt) !== undefined) return "refused";
  const isUsed = entries
    .flatMap((entry) => entry.scenarios)
    .some(
      ({ entry, waived }) => waived !== undefined && entry === waiver.entry && waived.signature === waiver.signature,
    );
  return isUsed ? "used" : "unused";
}
