// CPU contention makes lateness unknown: what came late may have waited for a core, which is no fault of the zone. It
// never makes an assertion kept.

import type { HistoryView } from "#history/view.ts";
import { type Assertion, undecided } from "../assertions.ts";

/**
 * From this many runnable tasks a core, lateness proves nothing. On two cores, zones that kept their times saw 0.5 to
 * 4.7. Five zones at once saw 8 to 18, and one of them failed over only after 49 s.
 */
export const contendedPerCore = 5;

/** Mean of the observer's counts over a span: runnable tasks a core. Undefined when the history has none. */
export function runnableOver(view: HistoryView, span: { fromNs: number; toNs: number }): number | undefined {
  const counts = view.looks.flatMap(({ event }) =>
    event.t >= span.fromNs && event.t <= span.toNs && event.runnablePerCore !== undefined
      ? [event.runnablePerCore]
      : [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0) / counts.length;
}

/** A sentence when there was CPU contention over that span. */
export function contendedOver(view: HistoryView, span: { fromNs: number; toNs: number }): string | undefined {
  const mean = runnableOver(view, span);
  if (mean === undefined || mean < contendedPerCore) return undefined;
  return `the CPU was contended, with ${mean.toFixed(1)} runnable tasks a core`;
}

/** How long something took, and how long it may take. */
export interface Lateness {
  tookNs: number;
  boundNs: number;
}

/**
 * Turns an assertion that only lateness broke into an undecided one when there was CPU contention over that span. With
 * n tasks a core a program gets about the n-th part of a core, and timers are not slower. So more than n times the
 * bound stays broken.
 */
export function unlessContended(
  view: HistoryView,
  span: { fromNs: number; toNs: number },
  { assertion, late }: { assertion: Assertion; late?: Lateness },
): Assertion {
  const contention = assertion.verdict === "broken" ? contendedOver(view, span) : undefined;
  if (!contention) return assertion;
  const tasks = runnableOver(view, span) ?? 0;
  return late && late.tookNs > late.boundNs * tasks
    ? assertion
    : undecided(assertion.says, `${assertion.saw}, and ${contention}`);
}
