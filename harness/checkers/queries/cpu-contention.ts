// CPU contention makes lateness unknown: what came late may have waited for a core, which is no fault of the zone. It
// never makes an assertion kept.

import type { HistoryView } from "#history/view.ts";
import type { Finding } from "#spec/verdict.ts";
import { type Assertion, undecided } from "../assertions.ts";

/**
 * From this many runnable tasks per core on, lateness proves nothing. Measured on two cores: 0.5 to 4.7 for zones that
 * kept their times; 8 to 18 with five zones at once, and one of these failed over only after 49 s.
 */
export const contendedPerCore = 5;

/** Runnable tasks per core: the mean of the observer's counts over a span. Undefined when the history has none. */
export function runnableOver(view: HistoryView, span: { fromNs: number; toNs: number }): number | undefined {
  const counts = view.looks.flatMap(({ event }) =>
    event.t >= span.fromNs && event.t <= span.toNs && event.runnablePerCore !== undefined
      ? [event.runnablePerCore]
      : [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0) / counts.length;
}

const contentionWords = "the CPU was contended";

/** Nothing was judged, because the machine was too busy. No other `unknown` says so. */
export function isUnknownFromContention({ verdict, because }: Pick<Finding, "verdict" | "because">): boolean {
  return verdict === "unknown" && because.includes(contentionWords);
}

/** A sentence when there was CPU contention over that span. */
export function contendedOver(view: HistoryView, span: { fromNs: number; toNs: number }): string | undefined {
  const mean = runnableOver(view, span);
  if (mean === undefined || mean < contendedPerCore) return undefined;
  return `${contentionWords}, with ${mean.toFixed(1)} runnable tasks per core`;
}

/** How long something took, and how long it may take. */
export interface Lateness {
  tookNs: number;
  boundNs: number;
}

/**
 * Turns an assertion that only lateness broke into an undecided one when there was CPU contention over that span. With
 * n runnable tasks per core a program gets about 1/n of a core. So it may take n times the bound. Whatever took longer
 * stays broken.
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
