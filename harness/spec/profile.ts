// What a profile declares about a zone, apart from its bounds: entries that do not apply, and waivers of known
// failures. Plain data. harness/run/profile.ts reads the file; waivers.ts applies the waivers to findings.

export interface NotApplicable {
  entry: string;
  /** Every report prints it. */
  reason: string;
}

export interface Waiver {
  entry: string;
  /** Regular expression that the finding's `because` must match. */
  signature: string;
  reason: string;
  /** The last day on which it is in force, YYYY-MM-DD, UTC. */
  expires: string;
}

export interface Declared {
  notApplicable: NotApplicable[];
  waivers: Waiver[];
}

/** Entries that every run decides. No profile may declare them not applicable. */
export const everyRun: readonly string[] = ["DUAL-0", "DUR-6"];

/** Compares with the day of the run, not with today: evidence that is judged again later must give the same verdict. */
export function isExpired(waiver: Waiver, startedAt: string): boolean {
  return startedAt.slice(0, 10) > waiver.expires;
}
