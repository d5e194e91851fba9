// What a run can say of one catalogue entry, and the shape of verdicts.json. Plain data.

import type { EntryFigures, Figures } from "./figures.ts";
import type { Declared, Waiver } from "./profile.ts";

export type VerdictName = "kept" | "broken" | "unknown" | "not-applicable";

/** One checker's finding over one history. */
export interface Finding {
  entry: string;
  verdict: VerdictName;
  /** One sentence: why. For `broken`, what happened against the promise; for `unknown`, what is missing. */
  because: string;
  /** Figures, units last in the names. */
  measured: Figures;
  /** Indices of the history events that decide it, few. */
  events: number[];
  /** Broken, and the profile knows it: the verdict stays, the exit code passes over it. */
  waived?: Waiver;
}

/** One catalogue entry over all the scenarios that judged it. */
export interface EntryVerdict {
  id: string;
  /** Its readable name; absent in files of older versions. */
  slug?: string;
  /** Section of the pattern and what evidence decides, as the catalogue has them. */
  section?: string;
  decide?: string;
  verdict: VerdictName;
  /** Every broken run of it is waived and no other is unknown. */
  waived?: Waiver;
  promise: string;
  because: string;
  measured: EntryFigures;
  scenarios: (Finding & { scenario: string; repeat: number; history: string })[];
}

export interface VerdictsFile {
  format: "triad-verdicts/1";
  run: RunFacts;
  entries: EntryVerdict[];
  /** Observations beyond the pattern; they count for no exit code. */
  beyond?: EntryVerdict[];
}

/** The section of fixtures/beyond.yaml. */
export const beyondSection = "beyond";

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
  /** What the zone's profile declared. */
  profile?: Declared;
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
  /** Longest from the cut of the packets to the last disk, for a power loss of several nodes to be one instant. */
  powerSpreadMaxMs: number;
  /** What must have been acknowledged for a power loss of all three to count: a second in the 10 s before it, and in all. */
  lossFactsPerS: number;
  lossFactsMin: number;
  /** Answers at full load that a price rests on: ten of them lie beyond the 99th percentile. */
  priceAnswersMin: number;
  /** More role transitions than this in `churnWindowS` are churn (MON-2). */
  churnMax: number;
  churnWindowS: number;
  /** A node that has held and served the VIP for this long is the expected active one (MON-1). */
  settleS: number;
  /** The peer zone's lag is excessive (MON-11) when its oldest unconfirmed fact is older, or there are more of them. */
  lagMaxS: number;
  lagMaxFacts: number;
}

export const defaultBounds: Bounds = {
  failoverMinS: 5,
  failoverMaxS: 30,
  loadFloorPerS: 50,
  observerGapMaxMs: 10,
  outageMaxMs: 15_000,
  powerSpreadMaxMs: 10,
  lossFactsPerS: 500,
  lossFactsMin: 10_000,
  priceAnswersMin: 1_000,
  // A failover with the return of the failed node is 3 transitions, a hand back 3 more, and a failover takes 11 to 15 s:
  // two of them in 30 s are the least that is churn.
  churnMax: 5,
  churnWindowS: 30,
  settleS: 5,
  // The longest election that was seen takes 8.5 s, in which nothing can be stored or confirmed: that is nobody's failure. A failover
  // takes longer, and is told.
  lagMaxS: 10,
  // What a peer that lags by as much has to read at 1,000 facts a second.
  lagMaxFacts: 10_000,
};

/** The worst of several: broken, then unknown, then kept; not-applicable only when nothing else was said. */
export function worstOf(verdicts: readonly VerdictName[]): VerdictName {
  for (const name of ["broken", "unknown", "kept"] as const) if (verdicts.includes(name)) return name;
  return verdicts.length > 0 ? "not-applicable" : "unknown";
}

/** A verdict with waived ones told apart: what counts for an exit code and a headline. */
export type Standing = VerdictName | "waived";

export function standingOf({ verdict, waived }: Pick<EntryVerdict, "verdict" | "waived">): Standing {
  return verdict === "broken" && waived ? "waived" : verdict;
}

/** Not against the zone: neither an exit code nor a test runner may turn red on it. */
export function isPassing(entry: Pick<EntryVerdict, "verdict" | "waived">): boolean {
  return ["kept", "waived", "not-applicable"].includes(standingOf(entry));
}

/**
 * The verdict over several findings. A waived one counts only when all the rest is kept: it blinds nothing else, and
 * neither another wrong nor a run that could not be judged hides behind it.
 */
export function mergedVerdict(findings: readonly Pick<Finding, "verdict" | "waived">[]): {
  verdict: VerdictName;
  waived?: Waiver;
} {
  const rest = findings.filter((one) => standingOf(one) !== "waived");
  const verdict = worstOf(rest.map((one) => one.verdict));
  const waived = findings.find((one) => standingOf(one) === "waived")?.waived;
  const isRestFine = rest.length === 0 || verdict === "kept" || verdict === "not-applicable";
  return waived && isRestFine ? { verdict: "broken", waived } : { verdict };
}
