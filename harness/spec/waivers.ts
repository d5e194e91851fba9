// Waivers over findings: what they mark, and what became of each. Pure; nothing here makes a verdict better.

import { isExpired, type Waiver } from "./profile.ts";
import type { EntryVerdict, Finding } from "./verdict.ts";

/** Findings with the waiver beside each broken one that it names. The verdict itself stays: the zone did break it. */
export function withWaivers(findings: readonly Finding[], waivers: readonly Waiver[], startedAt: string): Finding[] {
  const inForce = waivers.filter((one) => !isExpired(one, startedAt));
  return findings.map((finding) => {
    if (finding.verdict !== "broken") return finding;
    const found = inForce.find((one) => one.entry === finding.entry && new RegExp(one.signature).test(finding.because));
    return found ? { ...finding, waived: found } : finding;
  });
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
