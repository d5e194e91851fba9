// A machine that is too busy makes lateness unknown: what came late may have waited for a core or for the disk, which
// is no fault of the zone. It never makes an assertion kept. This is the only place with that rule: every assertion
// that lateness can break asks it, over the time in which the lateness arose (docs/decisions/0028-lateness.md).

import type { Operation } from "#history/operations.ts";
import type { HistoryView } from "#history/view.ts";
import type { Finding } from "#spec/verdict.ts";
import { type Assertion, undecided } from "../assertions.ts";
import { nsPerMs, nsPerS } from "../checker.ts";

/** Monotonic nanoseconds. */
interface Span {
  fromNs: number;
  toNs: number;
}

/**
 * From this many runnable tasks per core on, lateness proves nothing. Measured on two cores: 0.5 to 4.7 for zones that
 * kept their times; 8 to 18 with five zones at once, and one of these failed over only after 49 s.
 */
export const contendedPerCore = 5;

/** The observer reports once a second. A span with a longer pause before a report is covered only this far back. */
const reportMaxNs = 2.5 * nsPerS;

/**
 * The observer's thread has real-time priority and samples every 5 ms. Right runs had gaps of up to 60 ms. In a longer
 * one no program of the machine ran.
 */
const standstillMinNs = 500 * nsPerMs;

/**
 * From this share of a second on, the disk counts as stalled. In two minutes of a busy machine it was 0.11 at most. The
 * kernel says that some task waited, not which, so a smaller share says little.
 */
const stalledMinShare = 0.8;

/** A zone may itself keep the disk busy. So stalls of the disk excuse at most ten times a bound. */
const stalledMaxShare = 0.9;

/** So much lost time may cost a node its role: a gate file that is older than 2 s counts as closed gates. */
const lostMinNs = nsPerS;

/** A node that loses its role lost it to what the machine did in this time before. */
const beforeLossNs = 5 * nsPerS;

/** What the observer saw of the machine over a span. */
interface MachineLoad {
  /** Mean of runnable tasks per core; undefined when no report says so. */
  tasks: number | undefined;
  /** Time in which the machine stood still, or the hypervisor ran something else on its cores. */
  lostNs: number;
  /** Time in which the disk was stalled. */
  stalledNs: number;
}

function loadOver({ looks }: HistoryView, { fromNs, toNs }: Span): MachineLoad {
  const load: MachineLoad = { tasks: undefined, lostNs: 0, stalledNs: 0 };
  let [weighed, weightNs] = [0, 0];
  for (const [place, { event }] of looks.entries()) {
    const beforeNs = looks[place - 1]?.event.t ?? event.t - nsPerS;
    const coversNs = Math.min(event.t - beforeNs, Math.max(reportMaxNs, event.gapMaxNs));
    // A span without length still lies in a report.
    const sharedNs = Math.min(toNs, event.t) - Math.max(fromNs, event.t - coversNs);
    if (sharedNs < 0 || coversNs <= 0 || (sharedNs === 0 && toNs > fromNs)) continue;
    const { runnablePerCore, stolenShare = 0, diskWaitShare = 0, gapMaxNs } = event;
    if (runnablePerCore !== undefined) {
      const itsNs = Math.max(sharedNs, 1);
      weighed += runnablePerCore * itsNs;
      weightNs += itsNs;
    }
    const standstillShare = gapMaxNs >= standstillMinNs ? Math.min(1, gapMaxNs / coversNs) : 0;
    load.lostNs += sharedNs * Math.max(stolenShare, standstillShare);
    if (diskWaitShare >= stalledMinShare) load.stalledNs += sharedNs * diskWaitShare;
  }
  // Counts of a small part say little of the whole: the rest counts as calm.
  if (weightNs > 0) load.tasks = weighed / Math.max(weightNs, (toNs - fromNs) / 2);
  return load;
}

/** Runnable tasks per core: the mean of the observer's counts over a span. Undefined when the history has none. */
export function runnableOver(view: HistoryView, span: Span): number | undefined {
  return loadOver(view, span).tasks;
}

const contentionWords = "the CPU was contended";
const withTasks = (tasks: number) => `${contentionWords}, with ${tasks.toFixed(1)} runnable tasks per core`;
const lostWords = "the machine stood still or its cores were stolen";
const stalledWords = "the disk was stalled";

/** Nothing was judged, because the machine was too busy. No other `unknown` says so. */
export function isUnknownFromContention({ verdict, because }: Pick<Finding, "verdict" | "because">): boolean {
  return verdict === "unknown" && [contentionWords, lostWords, stalledWords].some((words) => because.includes(words));
}

/** A sentence when there was CPU contention over that span. */
export function contendedOver(view: HistoryView, span: Span): string | undefined {
  const mean = runnableOver(view, span);
  if (mean === undefined || mean < contendedPerCore) return undefined;
  return withTasks(mean);
}

/** How long something took, and how long it may take. */
export interface Lateness {
  tookNs: number;
  boundNs: number;
}

/**
 * Turns an assertion that only lateness broke into an undecided one, if the machine explains the lateness. Time that
 * was lost to a standstill, to the hypervisor or to the disk is not the zone's: it is subtracted. With n runnable tasks
 * per core a program gets about 1/n of a core, so from five on the rest may be n times the bound. Whatever took longer
 * stays broken. Where no figure says how late it was, contention or a second of lost time excuses.
 */
export function unlessContended(
  view: HistoryView,
  span: Span,
  { assertion, late }: { assertion: Assertion; late?: Lateness },
): Assertion {
  if (assertion.verdict !== "broken") return assertion;
  const { tasks = 0, lostNs, stalledNs } = loadOver(view, span);
  const fold = tasks >= contendedPerCore ? tasks : 1;
  const why = [
    ...(fold > 1 ? [withTasks(tasks)] : []),
    ...(lostNs >= mentionedNs ? [`${lostWords} for ${seconds(lostNs)} s`] : []),
    ...(stalledNs >= mentionedNs ? [`${stalledWords} for ${seconds(stalledNs)} s`] : []),
  ].join(", and ");
  const isExcused =
    late && late.tookNs > late.boundNs
      ? ownTimeNs(late.tookNs, lostNs, stalledNs) <= late.boundNs * fold
      : fold > 1 || lostNs + stalledNs >= Math.min(lostMinNs, (span.toNs - span.fromNs) / 2);
  return why !== "" && isExcused ? undecided(assertion.says, `${assertion.saw}, and ${why}`) : assertion;
}

const seconds = (ns: number) => (ns / nsPerS).toFixed(2);

/** Less explains no lateness. */
const mentionedNs = 10 * nsPerMs;

function ownTimeNs(tookNs: number, lostNs: number, stalledNs: number): number {
  return tookNs - lostNs - Math.min(stalledNs, stalledMaxShare * (tookNs - lostNs));
}

/** A node lost its role, or another one took it, at that instant: a standby takes over from a node that is late. */
export function unlessContendedBefore(view: HistoryView, atNs: number, assertion: Assertion): Assertion {
  return unlessContended(view, { fromNs: atNs - beforeLossNs, toNs: atNs }, { assertion });
}

/** A call was not answered as it must be. A definite refusal is not late; a call that timed out may be. */
export function unlessCallLate(view: HistoryView, call: Operation, assertion: Assertion): Assertion {
  if (call.outcome === "fail") return assertion;
  const toNs = Math.min(call.endNs, view.lastNs);
  return unlessContended(view, { fromNs: call.invokeNs, toNs }, { assertion });
}
