// Was the machine so crowded that whatever came late may have been late for want of a core? Lateness is then nobody's
// fault in the zone, and a verdict that rests on it is not known. It never makes anything kept.

import type { HistoryView } from "#history/view.ts";
import { type Assertion, undecided } from "../assertions.ts";

/**
 * Runnable tasks a core from which on a lateness says nothing. On two cores, zones that kept their times saw 0.5 to 4.7; five zones where
 * two had been enough saw 8 to 18, and one failed over after 49 s for want of a core.
 */
export const contendedPerCore = 5;

/** The mean of the observer's counts over a span, runnable tasks a core; nothing where the history has none. */
export function runnableOver(view: HistoryView, span: { fromNs: number; toNs: number }): number | undefined {
  const counts = view.looks.flatMap(({ event }) =>
    event.t >= span.fromNs && event.t <= span.toNs && event.runnablePerCore !== undefined
      ? [event.runnablePerCore]
      : [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0) / counts.length;
}

/** A sentence when the machine was crowded over that span; else nothing. */
export function contendedOver(view: HistoryView, span: { fromNs: number; toNs: number }): string | undefined {
  const mean = runnableOver(view, span);
  if (mean === undefined || mean < contendedPerCore) return undefined;
  return `the machine was crowded meanwhile, ${mean.toFixed(1)} runnable tasks a core`;
}

/** How long something took, and how long it may take. */
export interface Lateness {
  tookNs: number;
  boundNs: number;
}

/**
 * An assertion that is broken by lateness alone, as it stands; not known when the machine was crowded over that span. Where n tasks want a core a
 * program gets at least about the n-th part of it, and timers go on as ever: what took more than n times its bound was not late for
 * want of a core.
 */
export function unlessContended(
  view: HistoryView,
  span: { fromNs: number; toNs: number },
  { assertion, late }: { assertion: Assertion; late?: Lateness },
): Assertion {
  const crowded = assertion.verdict === "broken" ? contendedOver(view, span) : undefined;
  if (!crowded) return assertion;
  const tasks = runnableOver(view, span) ?? 0;
  return late && late.tookNs > late.boundNs * tasks
    ? assertion
    : undecided(assertion.says, `${assertion.saw}, and ${crowded}`);
}
