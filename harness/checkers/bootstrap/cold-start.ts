// A cold start in a history: when each node was started, whether the observer looked from then on, and when the zone
// was steady. Several entries share these queries and assertions; the file decides no entry.

import { eventsOf, type HistoryView, markOf } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { nsPerMs, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, missed, refuted, undecided } from "../assertions.ts";
import { unlessContended } from "../queries/contention.ts";
import { loadEndNs } from "../queries/history-queries.ts";

/** As for DUAL-0: a controller needs 140 ms to listen, so half a second is too short for a whole life of one. */
const blindMaxNs = 500 * nsPerMs;
/**
 * From the start of PID 1, which the daemon holds back for a while, to the first look. A listener that came in that
 * time is seen later, unless it also ended in that time.
 */
const unseenMaxNs = 1.5 * nsPerS;
/** `looks` events come once a second. One may be late. */
const silenceMaxNs = 2.5 * nsPerS;
/** Several times what an undisturbed zone needs to become steady: usually 9.4 s. */
const steadyMaxNs = 30 * nsPerS;

export interface ColdStart {
  /** In order of start. */
  order: NodeName[];
  startingNs: Record<NodeName, number>;
  /** The first and the last node's start. */
  fromNs: number;
  lastNs: number;
  /** End of the judged time. */
  endNs: number;
}

/** Undefined when the history does not begin with the start of the zone. */
export function coldStartOf(view: HistoryView): ColdStart | undefined {
  const starts = eventsOf(view.history, "node").filter(({ event }) => event.phase === "starting");
  const order = [...new Set(starts.map(({ event }) => event.node))];
  if (order.length !== nodeNames.length) return undefined;
  const at = (node: NodeName) => starts.find(({ event }) => event.node === node)!.event.t;
  const startingNs = { alpha: at("alpha"), beta: at("beta"), gamma: at("gamma") };
  return { order, startingNs, fromNs: at(order[0]!), lastNs: at(order.at(-1)!), endNs: loadEndNs(view) };
}

/** For a history without a cold start. */
export const noColdStart: Assertion = undecided(
  "the zone was started from nothing",
  "the history does not begin before the first node's start",
);

/** The observer looked at every node from its start to the end, without a gap that could hide a listener. */
export function watchedThroughout(view: HistoryView, cold: ColdStart): Assertion {
  const says = "the observer looked at every node from its start on";
  for (const node of cold.order) {
    const first = view.observations[node].find(({ event }) => event.isAlive && event.t >= cold.startingNs[node]);
    if (!first) return undecided(says, `${node} was never seen alive`);
    if (first.event.startedNs === undefined) return undecided(says, `the start of ${node} is not known`);
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
 * The zone became steady. If not, that is seen, and not merely missing, when clients called and the observer looked for
 * much longer than it takes: no node was active in all that time.
 */
export function becameSteady(view: HistoryView, cold: ColdStart): Assertion {
  const says = "the zone became steady";
  const steady = markOf(view, "steady");
  if (!steady) return undecided(says, "the scenario ended before that");
  if (steady.event.detail?.isTimedOut !== true) return kept(says, { events: [steady.index] });
  const waitedNs = steady.event.t - cold.lastNs;
  const saw = `it was not steady ${secondsOf(waitedNs)} s after the last start: ${String(steady.event.detail.saw)}`;
  const isWatched = watchedThroughout(view, cold).verdict === "kept" && view.operations.length > 0;
  const isSeen = isWatched && waitedNs >= steadyMaxNs;
  const assertion = isSeen ? refuted(says, saw, [steady.index]) : missed(says, saw, [steady.index]);
  const late = { tookNs: waitedNs, boundNs: steadyMaxNs };
  return unlessContended(view, { fromNs: cold.fromNs, toNs: steady.event.t }, { assertion, late });
}

/** At that instant another node took Alpha's turn. It rightly does when Alpha's controller does not start in time. */
export function inCalm(view: HistoryView, atNs: number, assertion: Assertion): Assertion {
  const fromNs = coldStartOf(view)?.fromNs ?? -Infinity;
  return unlessContended(view, { fromNs: Math.max(fromNs, atNs - steadyMaxNs), toNs: atNs }, { assertion });
}
