// What a profile declares of a zone beside its bounds: entries that do not apply, and known faults waived narrowly.
// Plain data; harness/run/profile.ts reads the file, waivers.ts lays waivers over findings.

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
