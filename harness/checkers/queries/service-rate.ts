// How appends return to their full rate after each gap.

import type { HistoryView } from "#history/view.ts";
import { nsPerMs, nsPerS } from "../checker.ts";
import { type Gap, type GapEnd, type ServiceCalls, tenthNs } from "./service-gaps.ts";
import type { ServiceWindow } from "./service-windows.ts";

/** How appends came back to their full rate after a gap. */
export interface Rate {
  gap: Gap;
  sinceNs: number;
  /** Null: not seen before the load ended or another gap began. */
  fullNs: number | null;
  isLate: boolean;
  /** How long it took, or was watched, and how long it may take. */
  late: { tookNs: number; boundNs: number };
}

/** A gap, the window that excuses it, and the windows in which it began. */
interface GapInWindow {
  gap: Gap;
  window?: ServiceWindow;
  began: readonly ServiceWindow[];
}

const tenthsPerS = Math.round(nsPerS / tenthNs);

/**
 * For each gap of appends: when the first second began in which enough calls were answered. The time counts from the
 * first answer after a takeover, and from the end of any other gap.
 */
export function ratesOf(
  view: HistoryView,
  { calls, windows }: { calls: ServiceCalls; windows: readonly ServiceWindow[] },
  appendGaps: readonly GapInWindow[],
): Rate[] {
  const maxNs = view.bounds.fullRateMaxMs * nsPerMs;
  return appendGaps.flatMap(({ gap, began, ...judged }, place): Rate[] => {
    const { firstAnswerNs, toNs } = gap;
    const window = judged.window ?? began.find(({ why }) => why === "takeover") ?? began[0];
    if (firstAnswerNs === undefined) return [];
    const isTakeover = window === undefined || window.why === "takeover";
    const endNs = toNs ?? calls.toNs;
    // A fault soon after the first answer takes the service again. The gap then ends with the takeover from that one.
    const isTakenAgain = windows.some(
      ({ why, fromNs }) => why === "takeover" && fromNs > firstAnswerNs && fromNs < endNs,
    );
    const sinceNs = isTakeover && !isTakenAgain ? firstAnswerNs : endNs;
    const dueNs = Math.max(
      sinceNs + maxNs,
      isTakeover && window ? window.fromNs + view.bounds.outageMaxMs * nsPerMs : 0,
    );
    const knownNs = appendGaps[place + 1]?.gap.fromNs ?? calls.toNs;
    const counts = calls.afterGap.get(gap);
    const tenth = toNs === undefined || !counts ? undefined : fullTenth(counts, view.bounds.fullRatePercent);
    const fullAtNs = tenth === undefined ? Infinity : toNs! + tenth * tenthNs;
    const isSeen = fullAtNs + nsPerS <= knownNs;
    const isLate = isSeen ? fullAtNs > dueNs : knownNs > dueNs + nsPerS;
    const late = { tookNs: (isSeen ? fullAtNs : knownNs) - sinceNs, boundNs: dueNs - sinceNs };
    return [{ gap, sinceNs, fullNs: isSeen ? fullAtNs - sinceNs : null, isLate, late }];
  });
}

/** The first tenth of a second from which on a whole second has that percentage of answers. */
function fullTenth({ calls, answers }: GapEnd, percent: number): number | undefined {
  const sum = (of: readonly number[], from: number) => {
    let total = 0;
    for (let at = from; at < from + tenthsPerS; at += 1) total += of[at] ?? 0;
    return total;
  };
  for (let from = 0; from + tenthsPerS <= Math.max(calls.length, tenthsPerS); from += 1) {
    const called = sum(calls, from);
    if (called > 0 && sum(answers, from) * 100 >= called * percent) return from;
  }
  return undefined;
}
