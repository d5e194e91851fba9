// DUR-4 and DUR-5: when the servers of a tier flush. A server reports its own settings: that can convict, and only that
// shows an interval of minutes. Whether facts are flushed before they are acknowledged is decided by the kernel: how
// often each node's disk was flushed while a known number of facts was acknowledged.

import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import type { ServerEvent } from "#history/event.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Checker, counted, nsPerS } from "../checker.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { isOutside, marksOf } from "../queries/history-queries.ts";
import { specOf } from "../queries/zone-timers.ts";

/** nats-server 2.10: two minutes (server/filestore.go, defaultSyncInterval). */
export const defaultIntervalNs = 120 * nsPerS;

/** With fewer bursts the journal's own flushes, four in 6 s, would look like a flush for each burst. */
const burstsMin = 25;

export const standardFlushes: Checker = {
  entry: "DUR-4",
  check(view) {
    if (specOf(view).tier !== "standard") return rulingOf([ofAnotherTier(view)], {});
    const counts = countsIn(view);
    return rulingOf(
      [...nodeNames.map((node) => everyAnswer(view, node, hasDefaultInterval)), doesNotFlushEach(counts)],
      figuresOf(view, counts),
    );
  },
};

export const criticalFlushes: Checker = {
  entry: "DUR-5",
  check(view) {
    if (specOf(view).tier !== "critical") return rulingOf([ofAnotherTier(view)], {});
    const counts = countsIn(view);
    return rulingOf(
      [...nodeNames.map((node) => everyAnswer(view, node, alwaysFlushes)), flushesEach(counts)],
      figuresOf(view, counts),
    );
  },
};

function ofAnotherTier(view: HistoryView): Assertion {
  return undecided("the servers flush as their tier says", `the zone ran in the ${specOf(view).tier} tier`);
}

function serversOf(view: HistoryView, node: NodeName): At<ServerEvent>[] {
  return eventsOf(view.history, "server").filter(({ event }) => event.node === node && event.isReachable);
}

/** A server that restarts may come back with other settings. */
function everyAnswer(
  view: HistoryView,
  node: NodeName,
  judge: (at: At<ServerEvent> | undefined, node: NodeName) => Assertion,
): Assertion {
  const { says, ...first } = judge(serversOf(view, node)[0], node);
  const others = serversOf(view, node).slice(1);
  return overAll(says, [{ says, ...first }, ...others.map((at) => judge(at, node))]);
}

/** The first answer of a node's server: its settings during the load. */
export function settingsOf(view: HistoryView, node: NodeName): Pick<ServerEvent, "syncAlways" | "syncIntervalNs"> {
  return serversOf(view, node)[0]?.event ?? {};
}

function hasDefaultInterval(at: At<ServerEvent> | undefined, node: NodeName): Assertion {
  const says = `${node}'s server flushes at the default interval`;
  if (!at) return undecided(says, `the server of ${node} did not answer`);
  const { syncAlways, syncIntervalNs } = at.event;
  if (syncAlways) return refuted(says, `the server of ${node} flushes always`, [at.index]);
  if (syncIntervalNs === undefined) return undecided(says, `the server of ${node} gave no interval`);
  return syncIntervalNs === defaultIntervalNs
    ? kept(says, { events: [at.index] })
    : refuted(says, `the server of ${node} flushes every ${syncIntervalNs / nsPerS} s`, [at.index]);
}

function alwaysFlushes(at: At<ServerEvent> | undefined, node: NodeName): Assertion {
  const says = `${node}'s server is set to flush always`;
  if (!at) return undecided(says, `the server of ${node} did not answer`);
  const { syncAlways } = at.event;
  if (syncAlways === undefined) return undecided(says, `the server of ${node} gave no such setting`);
  return syncAlways ? kept(says, { events: [at.index] }) : refuted(says, `the server of ${node} is not`, [at.index]);
}

interface Counts {
  acknowledged: number;
  /** Least number of bursts in which the client sent them. The calls of one burst may share a flush. */
  bursts: number;
  overS: number;
  flushes: Partial<Record<NodeName, number>>;
  events: number[];
}

/** Figures between the first two counts of the disks. */
function countsIn(view: HistoryView): Counts | undefined {
  const [from, to] = marksOf(view, "disks");
  if (!from || !to) return undefined;
  const flushesAt = (mark: typeof from, node: NodeName) => mark.event.detail?.[node]?.flushes;
  const flushes: Counts["flushes"] = {};
  for (const node of nodeNames) {
    const [before, after] = [flushesAt(from, node), flushesAt(to, node)];
    if (before !== undefined && after !== undefined) flushes[node] = after - before;
  }
  const ends: number[] = [];
  for (const { f, outcome, process, invokeNs, endNs } of view.operations)
    if (f === "append" && outcome === "ok" && isOutside(process) && invokeNs >= from.event.t && endNs <= to.event.t)
      ends.push(invokeNs);
  ends.sort((a, b) => a - b);
  const bursts = ends.filter((ns, place) => place === 0 || ns - ends[place - 1]! > burstGapNs).length;
  const overS = (to.event.t - from.event.t) / nsPerS;
  return { acknowledged: ends.length, bursts, overS, flushes, events: [from.index, to.index] };
}

/** Calls farther apart than this are different bursts. */
const burstGapNs = 20e6;
/**
 * Share of bursts. On nine runs of right zones each disk was flushed nine times as often as there were bursts: the
 * server of each node flushes the stream and the log of its group for each fact.
 */
const flushedShareMin = 0.9;
/** A journal and the kernel's writers flush every 5 s. A flush for each burst is 20 a second. */
const unflushedShareMax = 0.2;

/**
 * A fact is acknowledged after a majority has flushed, and the third follows. When one of three never flushes, any two
 * nodes may be the majority, and the loss of the other one loses the fact.
 */
function flushesEach(counts: Counts | undefined): Assertion {
  const says = "all three disks flushed for each fact that was acknowledged";
  const why = uncounted(counts);
  if (!counts || why) return undecided(says, why);
  const { bursts, flushes, events } = counts;
  const enough = nodeNames.filter((node) => (flushes[node] ?? 0) >= bursts * flushedShareMin);
  const saw = `${wordsFor(flushes)} for ${counted(bursts, "burst")} of ${counts.acknowledged} facts`;
  return enough.length === nodeNames.length ? kept(says, { saw, events }) : refuted(says, saw, events);
}

function doesNotFlushEach(counts: Counts | undefined): Assertion {
  const says = "no disk was flushed for each fact that was acknowledged";
  const why = uncounted(counts);
  if (!counts || why) return undecided(says, why);
  const { bursts, flushes, events } = counts;
  const flushing = nodeNames.filter((node) => flushes[node]! > bursts * unflushedShareMax);
  const saw = `${wordsFor(flushes)} for ${counted(bursts, "burst")} of ${counts.acknowledged} facts`;
  return flushing.length === 0 ? kept(says, { saw, events }) : refuted(says, saw, events);
}

/** Why the counts decide nothing; empty when they decide. */
function uncounted(counts: Counts | undefined): string {
  if (!counts) return "the flushes of the disks were not counted";
  const missing = nodeNames.find((node) => counts.flushes[node] === undefined);
  if (missing) return `the flushes of ${missing}'s disk were not counted`;
  const { acknowledged, bursts } = counts;
  return bursts >= burstsMin
    ? ""
    : `${counted(bursts, "burst")} of ${acknowledged} facts were acknowledged in that time`;
}

const wordsFor = (flushes: Counts["flushes"]) =>
  `${nodeNames.map((node) => `${node} ${flushes[node] ?? 0}`).join(", ")} flushes`;

function figuresOf(view: HistoryView, counts: Counts | undefined): Figures {
  const settings = Object.fromEntries(
    nodeNames.map((node) => {
      const { syncAlways, syncIntervalNs } = settingsOf(view, node);
      return [node, syncAlways ? ("always" as const) : syncIntervalNs === undefined ? null : syncIntervalNs / nsPerS];
    }),
  );
  if (!counts) return { syncIntervalS: settings };
  const { acknowledged, bursts, overS, flushes } = counts;
  return { syncIntervalS: settings, acknowledged, bursts, overS: Math.round(overS * 10) / 10, flushesByNode: flushes };
}
