// RPC-1: each consumer is served every acknowledged fact once, whole and in order. A page may come again as long as its
// confirmation was not answered. The load ends with a drain, in which each consumer reads what is left.

import { type HistoryView, markOf } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Assertion, kept, missed, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { type Checker, counted, nsPerMs, nsPerS, secondsOf } from "../checker.ts";
import { unlessContended } from "../queries/contention.ts";
import { loadEndNs, marksOf } from "../queries/history-queries.ts";
import { serviceWindows } from "../queries/service-windows.ts";
import type { Consumer, StalePage } from "./facts/pages.ts";
import { jointLoss } from "./facts/joint-loss.ts";
import { type Promises, promisesIn } from "./facts/promises.ts";
import type { Tally } from "./facts/tally.ts";
import { termsOf } from "./facts/terms.ts";

/** A consumer asks once a second, and a call takes a second at most. */
const silenceMaxNs = 5 * nsPerS;

export const servedFacts: Checker = {
  entry: "RPC-1",
  check(view) {
    const loss = jointLoss(view);
    if (loss) return rulingOf([undecided("what was promised before a fault holds after it", loss)], {});
    const promises = promisesIn(view);
    const { pages } = promises;
    const readers = readersIn(view, promises);
    const assertions = [
      noneOf("each page held its facts in order", pages.unordered, "misplaced fact"),
      noneOf("no page left a fact out", pages.gaps, "gap"),
      noneOf("each page began with the first fact after the cursor", pages.ahead, "late page"),
      noneOf("no fact was served again after it was confirmed", pages.servedAgain, "repeated page"),
      noneOf("each fact came back whole, as it was sent", pages.altered, "altered fact"),
      ...readers.flatMap((consumer) => [
        servedAll(view, promises, consumer),
        ...servedByEach(view, consumer),
        askedOften(view, consumer),
      ]),
      upToDate(view, promises),
      readers.length > 0 ? kept("consumers read") : undecided("consumers read", "no consumer was to read everything"),
    ];
    return rulingOf(assertions, figuresOf(promises, readers));
  },
};

/** The consumers that were to read everything. */
function readersIn(view: HistoryView, { pages }: Promises): Consumer[] {
  const names = Object.keys(markOf(view, "load-started")?.event.detail?.cursors ?? {});
  return pages.consumers.filter(({ name }) => names.includes(name));
}

function noneOf(says: string, { count, first, events }: Tally, thing: string): Assertion {
  return count === 0 ? kept(says) : refuted(says, `${counted(count, thing)} (first ${first})`, events);
}

/** Acknowledged facts that were to be served to this consumer. */
function dueTo({ acknowledged }: Promises, { start = -Infinity }: Consumer): number {
  return acknowledged.count - acknowledged.countUpTo(start);
}

function servedAll(view: HistoryView, promises: Promises, consumer: Consumer): Assertion {
  const says = `${consumer.name} was served every acknowledged fact`;
  const drained = markOf(view, "drained");
  if (!drained) return undecided(says, "the consumers were not drained after the load");
  const left = dueTo(promises, consumer) - consumer.facts - consumer.skipped;
  if (left > 0) {
    const assertion = missed(says, `${counted(left, "acknowledged fact")} never served to it`, [drained.index]);
    const fromNs = loadEndNs(view);
    const late = { tookNs: drained.event.t - fromNs, boundNs: drained.event.t - fromNs };
    // A page that was answered and held nothing is not late. The consumer may have had no time to read the last ones.
    const last = consumer.answers.findLast(({ endNs }) => endNs > fromNs);
    return last?.count === 0
      ? assertion
      : unlessContended(view, { fromNs, toNs: drained.event.t }, { assertion, late });
  }
  if (consumer.skipped > 0)
    return undecided(says, `it confirmed ${counted(consumer.skipped, "fact")} without reading them`);
  return kept(says, { events: [drained.index] });
}

/** A node that serves for a while serves pages to each consumer. */
function servedByEach(view: HistoryView, consumer: Consumer): Assertion[] {
  return termsOf(view).map(({ node, fromNs, toNs }) => {
    const says = `${node} served pages to ${consumer.name}`;
    const isServed = consumer.answers.some(
      (one) => one.node === node && one.count > 0 && one.endNs >= fromNs && one.endNs <= toNs,
    );
    if (isServed) return kept(says);
    const lastedS = secondsOf(toNs - fromNs).toFixed(1);
    const asked = consumer.askedNs.filter((ns) => ns >= fromNs && ns <= toNs).length;
    const saw = `none in the ${lastedS} s in which it acknowledged facts`;
    if (asked < (toNs - fromNs) / silenceMaxNs) return undecided(says, saw);
    return unlessContended(view, { fromNs, toNs }, { assertion: missed(says, saw) });
  });
}

/** Below this floor the run shows too little. */
function askedOften(view: HistoryView, { name, askedNs }: Consumer): Assertion {
  const says = `${name} asked at least every ${silenceMaxNs / nsPerS} s`;
  const [fromNs, toNs] = [markOf(view, "load-started")?.event.t ?? view.firstNs, loadEndNs(view)];
  const resumed = marksOf(view, "load-resumed").map(({ event }) => event.t);
  const pauses = marksOf(view, "load-paused").map(({ event }, place) => [event.t, resumed[place] ?? toNs] as const);
  const stamps = [fromNs, ...askedNs.filter((ns) => ns > fromNs && ns < toNs), toNs];
  let longestNs = 0;
  for (let place = 1; place < stamps.length; place += 1) {
    const [before, after] = [stamps[place - 1]!, stamps[place]!];
    const pausedNs = pauses.reduce((sum, [p, r]) => sum + Math.max(0, Math.min(after, r) - Math.max(before, p)), 0);
    longestNs = Math.max(longestNs, after - before - pausedNs);
  }
  return longestNs <= silenceMaxNs
    ? kept(says)
    : undecided(says, `it did not ask for ${secondsOf(longestNs).toFixed(1)} s`);
}

function upToDate(view: HistoryView, { pages }: Promises): Assertion {
  const boundNs = view.bounds.requestMaxMs * nsPerMs;
  const says = `a page held what was acknowledged ${secondsOf(boundNs)} s before`;
  // When a cut off leader returns, its older state may answer until it has caught up: empty pages for 5.6 s were seen.
  const windows = serviceWindows(view).filter(({ why }) => why !== "takeover");
  const isInWindow = ({ invokeNs, endNs }: StalePage) =>
    windows.some(({ fromNs, untilNs }) => invokeNs <= untilNs && endNs >= fromNs);
  const stale = pages.stale.filter((one) => one.lagNs > boundNs && !isInWindow(one));
  if (stale.length === 0) return kept(says);
  return overAll(
    says,
    stale
      .toSorted((a, b) => b.lagNs - a.lagNs)
      .map((one) => {
        const saw = `${one.says}, which was acknowledged ${secondsOf(one.lagNs).toFixed(1)} s before it was asked for`;
        const span = { fromNs: one.invokeNs - one.lagNs, toNs: one.endNs + nsPerS };
        const late = { tookNs: one.lagNs, boundNs };
        return unlessContended(view, span, { assertion: missed(says, saw, [one.index]), late });
      }),
  );
}

function figuresOf(promises: Promises, readers: readonly Consumer[]): Figures {
  const { pages } = promises;
  const answers = pages.consumers.flatMap((one) => one.answers);
  const byNode = (node: NodeName) => answers.filter((one) => one.node === node && one.count > 0).length;
  const share = (one: Consumer) => {
    const due = dueTo(promises, one);
    return due === 0 ? 0 : Math.round((1_000 * one.facts) / due) / 10;
  };
  const lags = pages.stale.map(({ lagNs }) => lagNs);
  return {
    fetches: pages.consumers.reduce((sum, { fetches }) => sum + fetches, 0),
    factsFetched: pages.facts,
    servedPercent: Object.fromEntries(readers.map((one) => [one.name, share(one)])),
    pagesByNode: Object.fromEntries(nodeNames.map((node) => [node, byNode(node)]).filter(([, count]) => count)),
    staleMs: Math.round(lags.reduce((most, ns) => Math.max(most, ns), 0) / nsPerMs),
  };
}
