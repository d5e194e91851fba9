// The pauses of a history: how long each was, and the longest time around it without an acknowledged fact. Pure.

import type { History } from "#history/event.ts";
import { viewOf } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";

/** After each thaw. An election that is repeated takes up to 18 s. */
export const watchedMs = 22_000;

export interface PauseRow {
  node: NodeName;
  /** It was the active node. */
  served: boolean;
  pausedS: number;
  /** The longest time between two acknowledged facts, from the freeze until `watchedMs` after the thaw. */
  silenceS: number;
  /** The part of it after the thaw. */
  afterThawS: number;
}

/** In order. A pause without both of its ends is left out. */
export function pauseRows(history: History): PauseRow[] {
  const view = viewOf(history);
  const acknowledgedNs = [...view.operations]
    .flatMap(({ f, outcome, endNs }) => (f === "append" && outcome === "ok" ? [endNs] : []))
    .sort((a, b) => a - b);
  return view.faults.flatMap(({ fault, nodes: [node], phases }): PauseRow[] => {
    const [frozenNs, thawedNs] = [phases.effective?.event.t, phases.healed?.event.t];
    if (fault !== "pause" || node === undefined || frozenNs === undefined || thawedNs === undefined) return [];
    const askedNs = phases.intended?.event.t ?? frozenNs;
    const untilNs = thawedNs + watchedMs * 1e6;
    const before = acknowledgedNs.findLast((t) => t < frozenNs) ?? frozenNs;
    const times = [before, ...acknowledgedNs.filter((t) => t >= frozenNs && t < untilNs), untilNs];
    let longest = { fromNs: before, toNs: before };
    for (const [place, toNs] of times.entries()) {
      const fromNs = times[place - 1] ?? toNs;
      if (toNs - fromNs > longest.toNs - longest.fromNs) longest = { fromNs, toNs };
    }
    return [
      {
        node,
        served: view.spans[node].active.some(({ fromNs, toNs }) => fromNs <= askedNs && askedNs <= toNs),
        pausedS: (thawedNs - frozenNs) / 1e9,
        silenceS: (longest.toNs - longest.fromNs) / 1e9,
        afterThawS: Math.max(0, longest.toNs - Math.max(longest.fromNs, thawedNs)) / 1e9,
      },
    ];
  });
}
