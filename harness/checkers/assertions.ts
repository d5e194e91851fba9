// Assertions: an entry is a list of them, and evidence decides each. The ruling is the worst of them.

import { type AssertionRow, brokenWords, type Figures } from "#spec/figures.ts";
import type { Ruling } from "./checker.ts";

export interface Assertion extends AssertionRow {
  rests: "seen" | "absent";
  events: number[];
}

type Evidence = { saw?: string; events?: readonly number[] };

/** The assertion holds. */
export function kept(says: string, evidence: Evidence = {}): Assertion {
  return { says, verdict: "kept", saw: evidence.saw ?? "", rests: "seen", events: [...(evidence.events ?? [])] };
}

/** The opposite of the assertion was seen. */
export function refuted(says: string, saw: string, events: readonly number[] = []): Assertion {
  return { says, verdict: "broken", saw, rests: "seen", events: [...events] };
}

/** What the assertion needs was not seen, although the history would show it. */
export function missed(says: string, saw: string, events: readonly number[] = []): Assertion {
  return { says, verdict: "broken", saw, rests: "absent", events: [...events] };
}

/** The history does not decide the assertion. */
export function undecided(says: string, saw: string): Assertion {
  return { says, verdict: "unknown", saw, rests: "absent", events: [] };
}

/**
 * One assertion over several looks: broken when one of them breaks it, a seen one first; else unknown when one does not
 * decide it; else kept.
 */
export function overAll(says: string, looks: readonly Assertion[]): Assertion {
  const broken = looks.filter(({ verdict }) => verdict === "broken");
  const worst =
    broken.find(({ rests }) => rests === "seen") ?? broken[0] ?? looks.find(({ verdict }) => verdict === "unknown");
  if (worst) return worst;
  const last = looks.at(-1);
  return last ? { ...last, events: looks.flatMap(({ events }) => events) } : undecided(says, "nothing was looked at");
}

const eventsMax = 8;

/**
 * Broken when an assertion is broken, a seen one first; else unknown when one is unknown; else kept. Without an
 * assertion nothing was looked at, and that is unknown.
 */
export function rulingOf(given: readonly Assertion[], measured: Figures): Ruling {
  const assertions = given.length > 0 ? given : [undecided("the entry holds", "nothing was asserted")];
  const broken = assertions.filter((assertion) => assertion.verdict === "broken");
  const decisive =
    broken.find((assertion) => assertion.rests === "seen") ??
    broken[0] ??
    assertions.find((assertion) => assertion.verdict === "unknown");
  const listed = assertions.map(({ says, verdict, saw }) => ({ says, verdict, saw }));
  const events = (decisive ? decisive.events : assertions.flatMap((assertion) => assertion.events)).slice(0, eventsMax);
  return {
    verdict: decisive?.verdict ?? "kept",
    because: decisive ? wordsFor(decisive) : `all ${assertions.length} assertions hold`,
    measured: { ...measured, assertions: listed },
    events,
    rests: decisive?.rests ?? "seen",
  };
}

function wordsFor({ says, saw, verdict }: Assertion): string {
  return verdict === "broken" ? brokenWords({ says, saw }) : `${saw}, so it is not known whether ${says}`;
}
