// A cold start as a history shows it: when each node was started, whether it was looked at from then on, and when the zone was
// steady. Lookups and assertions that several entries share; it decides no entry.

import { eventsOf, type HistoryView, markOf } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { nsPerMs, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/cpu-contention.ts";
import { loadEndNs } from "../queries/history-queries.ts";

/** As for DUAL-0: a controller needs 140 ms to listen, so half a second hides no more than a whole life of one. */
const blindMaxNs = 500 * nsPerMs;
/**
 * From the making of PID 1, which the daemon holds back for a while, to the first look. A listener that came in that time
 * is still there to be seen, unless it started with the node, listened and ended within it.
 */
const unseenMaxNs = 1.5 * nsPerS;
/** `looks` events come once a second: one may be late. */
const silenceMaxNs = 2.5 * nsPerS;
/** A zone that nobody disturbs is steady by then many times over: 9.4 s as a rule. */
const steadyMaxNs = 30 * nsPerS;

export interface ColdStart {
  /** In the order in which they were started. */
  order: NodeName[];
  startingNs: Record<NodeName, number>;
  /** The first and the last node's start. */
  fromNs: number;
  lastNs: number;
  /** End of what is judged. */
  endNs: number;
}

/** Undefined where the start is no part of the history: a zone that ran already, or was not looked at from the first. */
export function coldStartOf(view: HistoryView): ColdStart | undefined {
  const starts = eventsOf(view.history, "node").filter(({ event }) => event.phase === "starting");
  const order = [...new Set(starts.map(({ event }) => event.node))];
  if (order.length !== nodeNames.length) return undefined;
  const at = (node: NodeName) => starts.find(({ event }) => event.node === node)!.event.t;
  const startingNs = { alpha: at("alpha"), beta: at("beta"), gamma: at("gamma") };
  return { order, startingNs, fromNs: at(order[0]!), lastNs: at(order.at(-1)!), endNs: loadEndNs(view) };
}

/** What a checker of a cold start says where there is none. */
export const noColdStart: Assertion = undecided(
  "the zone was started from nothing",
  "the history does not begin before the first node's start",
);

/** Every node was looked at from its first moment to the end, without a gap in which something could hide. */
export function watchedThroughout(view: HistoryView, cold: ColdStart): Assertion {
  const says = "every node was looked at from its first moment on";
  for (const node of cold.order) {
    const first = view.observations[node].find(({ event }) => event.isAlive && event.t >= cold.startingNs[node]);
    if (!first) return undecided(says, `${node} was never seen alive`);
    if (first.event.startedNs === undefined) return undecided(says, `nothing tells when ${node} started`);
    const unseenNs = first.event.t - first.event.startedNs;
    if (unseenNs > unseenMaxNs) return undecided(says, `${node} ran ${secondsOf(unseenNs)} s before the first look`);
  }
  let beforeNs = cold.fromNs;
  for (const { event } of view.looks) {
    if (event.t < cold.fromNs || event.t > cold.endNs + nsPerS) continue;
    if (event.t - beforeNs > silenceMaxNs)
      return undecided(says, `the observer was silent for ${secondsOf(event.t - beforeNs)} s`);
    if (event.gapMaxNs > blindMaxNs)
      return undecided(says, `the observer did not look for ${secondsOf(event.gapMaxNs)} s`);
    beforeNs = event.t;
  }
  if (cold.endNs - beforeNs > silenceMaxNs)
    return undecided(says, `the observer was silent for ${secondsOf(cold.endNs - beforeNs)} s at the end`);
  return kept(says);
}

/**
 * The zone became steady. That it did not is seen, not merely missing, where clients asked and the observer looked for far
 * longer than it takes: nobody was active all that time.
 */
export function becameSteady(view: HistoryView, cold: ColdStart): Assertion {
  const says = "the zone became steady";
  const steady = markOf(view, "steady");
  if (!steady) return undecided(says, "the scenario ended before");
  if (steady.event.detail?.isTimedOut !== true) return kept(says, { events: [steady.index] });
  const waitedNs = steady.event.t - cold.lastNs;
  const saw = `it was not ${secondsOf(waitedNs)} s after the last start: ${String(steady.event.detail.saw)}`;
  const isWatched = watchedThroughout(view, cold).verdict === "kept" && view.operations.length > 0;
  const isSeen = isWatched && waitedNs >= steadyMaxNs;
  const assertion = isSeen ? refuted(says, saw, [steady.index]) : missed(says, saw, [steady.index]);
  const late = { tookNs: waitedNs, boundNs: steadyMaxNs };
  return unlessContended(view, { fromNs: cold.fromNs, toNs: steady.event.t }, { assertion, late });
}

/** An alpha that does not get its controller up in time for want of a core loses its turn, and rightly. */
export function inCalm(view: HistoryView, { fromNs, endNs }: ColdStart, assertion: Assertion): Assertion {
  return unlessContended(view, { fromNs, toNs: endNs }, { assertion });
}
