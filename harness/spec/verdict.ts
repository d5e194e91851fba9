// Verdicts, findings and bounds, and the shape of verdicts.json. Plain data.

import type { EntryFigures, Figures } from "./figures.ts";
import type { Declared, Waiver } from "./profile.ts";

export type VerdictName = "kept" | "broken" | "unknown" | "not-applicable";

/** One checker's finding over one history. */
export interface Finding {
  entry: string;
  verdict: VerdictName;
  /** The reason in one sentence. `broken`: what happened against the promise. `unknown`: what evidence is missing. */
  because: string;
  /** Figures. Their names end with the unit. */
  measured: Figures;
  /** Indices of the few history events that decide it. */
  events: number[];
  /** A known failure of the profile: the verdict stays `broken`, and the exit code ignores it. */
  waived?: Waiver;
}

/** One catalogue entry over all scenarios that decide it. */
export interface EntryVerdict {
  id: string;
  /** Its readable name; absent in files of older versions. */
  slug?: string;
  /** Section of the pattern and deciding evidence, from the catalogue. */
  section?: string;
  decide?: string;
  verdict: VerdictName;
  /** Every broken finding is waived, and no finding is unknown. */
  waived?: Waiver;
  promise: string;
  /** Bounds that the profile moved, as words. The promise ends with them. */
  bounds?: string[];
  because: string;
  measured: EntryFigures;
  scenarios: (Finding & {
    scenario: string;
    repeat: number;
    history: string;
    /** Of the scenario. Absent in files of older versions, and when its history cannot be read. */
    durationS?: number;
  })[];
}

export interface VerdictsFile {
  format: "triad-verdicts/1";
  run: RunFacts;
  entries: EntryVerdict[];
  /** Observations beyond the pattern. The exit code ignores them. */
  beyond?: EntryVerdict[];
  /** SHA-256 of every other file in the folder, by its path. Folders of older versions lack them. */
  files?: Record<string, string>;
}

/** The section of fixtures/beyond.yaml. */
export const beyondSection = "beyond";

/** Identifies a run and holds all that is needed to repeat it. */
export interface RunFacts {
  id: string;
  startedAt: string;
  wallS: number;
  /** Why the run ended before its last scenario did. Absent when the whole plan ran. */
  ended?: string;
  seed: number;
  command: string;
  engine: { version: string; kind: "given" | "embedded"; privileges: string; kernel: string };
  images: Record<string, string>;
  versions: Record<string, string>;
  bounds: Bounds;
  /** What the zone's profile declared. */
  profile?: Declared;
}

/** The bounds of the verdicts. The report prints them. */
export interface Bounds {
  failoverMinS: number;
  failoverMaxS: number;
  /** With fewer AppendFact calls a second, the scenario decides nothing. */
  loadFloorPerS: number;
  /** With a longer gap between two looks of the observer, DUAL-0 is unknown. */
  observerGapMaxMs: number;
  /** Retry budget: the longest time without an answer to a client while no role should change. */
  outageMaxMs: number;
  /** Longest time from the first try of a request to its answer, with its retries, while no fault excuses it. */
  requestMaxMs: number;
  /** After an excused gap, appends are back to their full rate within this time. */
  fullRateMaxMs: number;
  /** Share of the calls of one second that must be answered, for the rate to count as full. */
  fullRatePercent: number;
  /** Longest time from the listener of a promoted node to its first answer to a client. */
  firstAnswerMaxMs: number;
  /**
   * The client host had an answer through the VIP at most this long before a failover: its neighbour entry is fresh.
   */
  neighbourAgeMaxMs: number;
  /** A returned node that does not take the VIP back within this time, and any timer of the zone, does not preempt. */
  preemptionWatchS: number;
  /** A power loss of several nodes counts as one instant when the last disk stops this soon after the cut. */
  powerSpreadMaxMs: number;
  /**
   * A power loss of all three nodes counts only after this much: facts acknowledged a second in the 10 s before, and in
   * all.
   */
  lossFactsPerS: number;
  lossFactsMin: number;
  /** Answers at full load that a latency cost needs: ten of them lie beyond the 99th percentile. */
  priceAnswersMin: number;
  /** More role transitions than this in `churnWindowS` are churn (MON-2). */
  churnMax: number;
  churnWindowS: number;
  /** A node that held and served the VIP for this long is the expected active node (MON-1). */
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
  // The sum of what a retry of the client takes: a call that times out (1 s), the wait for the turn to repeat it (0.7
  // s: 40 calls at 60 a second), a connection (0.3 s), and a second call (1 s).
  requestMaxMs: 3_000,
  // The same retry, once. Right zones took 0 to 1.3 s.
  fullRateMaxMs: 3_000,
  fullRatePercent: 90,
  // Right zones took 0.09 to 0.53 s: a connection, a handshake and a call. A client gives up a connection after 0.3 s
  // and a handshake or a call after 1 s.
  firstAnswerMaxMs: 2_000,
  neighbourAgeMaxMs: 1_000,
  // Longer than every timer of the reference zone, the longest of which is 10.5 s, and than a delay of half a minute.
  preemptionWatchS: 30,
  powerSpreadMaxMs: 10,
  lossFactsPerS: 500,
  lossFactsMin: 10_000,
  priceAnswersMin: 1_000,
  // A failover and the return of the failed node are 3 transitions; handing back is 3 more. A failover takes 11 to 15
  // s, so two of them in 30 s are the least that counts as churn.
  churnMax: 5,
  churnWindowS: 30,
  settleS: 5,
  // The longest observed election took 8.5 s. No fact can be stored or confirmed during one, and that is no failure. A
  // failover takes longer and counts as excessive lag.
  lagMaxS: 10,
  // A peer that lags by `lagMaxS` has this many facts to read at 1,000 facts a second.
  lagMaxFacts: 10_000,
};

/** The worst of several: broken, then unknown, then kept. not-applicable only when there is no other verdict. */
export function worstOf(verdicts: readonly VerdictName[]): VerdictName {
  for (const name of ["broken", "unknown", "kept"] as const) if (verdicts.includes(name)) return name;
  return verdicts.length > 0 ? "not-applicable" : "unknown";
}

/** A verdict that separates waived from broken. Exit codes and headlines use it. */
export type Standing = VerdictName | "waived";

export function standingOf({ verdict, waived }: Pick<EntryVerdict, "verdict" | "waived">): Standing {
  return verdict === "broken" && waived ? "waived" : verdict;
}

/** Neither an exit code nor a test runner may fail because of it. */
export function isPassing(entry: Pick<EntryVerdict, "verdict" | "waived">): boolean {
  return ["kept", "waived", "not-applicable"].includes(standingOf(entry));
}

/**
 * The verdict over several findings. It is waived only when all other findings are kept, so that a waiver hides neither
 * another failure nor a run that could not be judged.
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
