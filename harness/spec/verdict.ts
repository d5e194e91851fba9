// What a run can say of one catalogue entry, and the shape of verdicts.json. Plain data.

export type VerdictName = "kept" | "broken" | "unknown" | "not-applicable";

/** One checker's finding over one history. */
export interface Finding {
  entry: string;
  verdict: VerdictName;
  /** One sentence: why. For `broken`, what happened against the promise; for `unknown`, what is missing. */
  because: string;
  /** Figures, units last in the names. */
  measured: Record<string, unknown>;
  /** Indices of the history events that decide it, few. */
  events: number[];
}

/** One catalogue entry over all the scenarios that judged it. */
export interface EntryVerdict {
  id: string;
  verdict: VerdictName;
  promise: string;
  because: string;
  measured: Record<string, unknown>;
  scenarios: (Finding & { scenario: string; repeat: number; history: string })[];
}

export interface VerdictsFile {
  format: "triad-verdicts/1";
  run: RunFacts;
  entries: EntryVerdict[];
}

/** What identifies a run and lets another repeat it. */
export interface RunFacts {
  id: string;
  startedAt: string;
  wallS: number;
  seed: number;
  command: string;
  engine: { version: string; kind: "given" | "embedded"; privileges: string; kernel: string };
  images: Record<string, string>;
  versions: Record<string, string>;
  bounds: Bounds;
}

/** The bounds a verdict is held to; the report prints the ones that were used. */
export interface Bounds {
  failoverMinS: number;
  failoverMaxS: number;
  /** Least AppendFact invocations a second for a scenario to count. */
  loadFloorPerS: number;
  /** Largest gap between two looks of the observer for DUAL-0 to be judged. */
  observerGapMaxMs: number;
  /** Retry budget: longest a client may go without an answer when no role should change. */
  outageMaxMs: number;
  /** More role transitions than this in `churnWindowS` are churn (MON-2). */
  churnMax: number;
  churnWindowS: number;
  /** A node that has held and served the VIP for this long is the expected active one (MON-1). */
  settleS: number;
}

export const defaultBounds: Bounds = {
  failoverMinS: 5,
  failoverMaxS: 30,
  loadFloorPerS: 50,
  observerGapMaxMs: 10,
  outageMaxMs: 15_000,
  // A failover with the return of the failed node is 3 transitions, a hand back 3 more, and a failover takes 11 to 15 s:
  // two of them in 30 s are the least that is churn.
  churnMax: 5,
  churnWindowS: 30,
  settleS: 5,
};

/** The worst of several: broken, then unknown, then kept; not-applicable only when nothing else was said. */
export function worstOf(verdicts: readonly VerdictName[]): VerdictName {
  for (const name of ["broken", "unknown", "kept"] as const) if (verdicts.includes(name)) return name;
  return verdicts.length > 0 ? "not-applicable" : "unknown";
}
