// A row of the failure table as a list of claims, each decided by evidence. The ruling is the worst of them.

import type { VerdictName } from "#spec/verdict.ts";
import type { Ruling } from "./checker.ts";

export interface Claim {
  /** One sentence, true when the row is kept. */
  says: string;
  verdict: Extract<VerdictName, "kept" | "broken" | "unknown">;
  /** What was seen; shown unless the claim is kept. */
  saw: string;
  rests: "seen" | "absent";
  events: number[];
}

type Evidence = { saw?: string; events?: readonly number[] };

/** The claim holds. */
export function kept(says: string, evidence: Evidence = {}): Claim {
  return { says, verdict: "kept", saw: evidence.saw ?? "", rests: "seen", events: [...(evidence.events ?? [])] };
}

/** The opposite of the claim was seen. */
export function refuted(says: string, saw: string, events: readonly number[] = []): Claim {
  return { says, verdict: "broken", saw, rests: "seen", events: [...events] };
}

/** What the claim needs never showed, although it was looked for. */
export function missed(says: string, saw: string, events: readonly number[] = []): Claim {
  return { says, verdict: "broken", saw, rests: "absent", events: [...events] };
}

/** The history lacks what would decide the claim. */
export function undecided(says: string, saw: string): Claim {
  return { says, verdict: "unknown", saw, rests: "absent", events: [] };
}

const eventsMax = 8;

/** Broken by the first broken claim, seen ones first; else unknown by the first unknown one; else kept. */
export function rule(claims: readonly Claim[], measured: Record<string, unknown>): Ruling {
  const broken = claims.filter((claim) => claim.verdict === "broken");
  const decisive =
    broken.find((claim) => claim.rests === "seen") ?? broken[0] ?? claims.find((claim) => claim.verdict === "unknown");
  const listed = claims.map(({ says, verdict, saw }) => ({ says, verdict, saw }));
  const events = (decisive ? decisive.events : claims.flatMap((claim) => claim.events)).slice(0, eventsMax);
  return {
    verdict: decisive?.verdict ?? "kept",
    because: decisive ? wordsFor(decisive) : `each of the ${claims.length} claims of this row held`,
    measured: { ...measured, claims: listed },
    events,
    rests: decisive?.rests ?? "seen",
  };
}

function wordsFor({ says, saw, verdict }: Claim): string {
  return verdict === "broken" ? `${saw}; claimed was "${says}"` : `${saw}, so it is not known whether ${says}`;
}
