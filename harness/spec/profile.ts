// What a profile declares of a zone beside its bounds: entries that do not apply, and known faults waived narrowly.
// Plain data and pure rules; harness/run/profile.ts reads the file.

import type { EntryVerdict, Finding } from "./verdict.ts";

export interface NotApplicable {
  entry: string;
  /** Printed in every report. */
  reason: string;
}

export interface Waiver {
  entry: string;
  /** Regular expression on the finding's `because`. */
  signature: string;
  reason: string;
  /** Last day on which it holds, YYYY-MM-DD, UTC. */
  expires: string;
}

export interface Declared {
  notApplicable: NotApplicable[];
  waivers: Waiver[];
}

/** Entries that every run decides; a zone to which they do not apply is no zone. */
export const everyRun: readonly string[] = ["DUAL-0", "DUR-6"];

/** Held against the day the run started, not today: judging the same evidence later must give the same words. */
export function isExpired(waiver: Waiver, startedAt: string): boolean {
  return startedAt.slice(0, 10) > waiver.expires;
}

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
