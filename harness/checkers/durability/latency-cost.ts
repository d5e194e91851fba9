// DUR-9: what a tier costs: facts a second and latency at full load, of one tier a history; the entry's figures put them side
// by side. Full load is so many calls at a time, each followed by the next, so the rate is what the zone gives. A call without an
// answer counts among the latencies for as long as it was waited for. Broken only when the figures are not those of the tier they
// are told for: the servers ran with the other one's settings.

import type { HistoryView } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import { defaultLoad } from "#spec/scenario.ts";
import { type Checker, counted, msOf, nsPerMs, nsPerS } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { beforeNs, isOutside, loadEndNs, marksOf } from "../queries/history-queries.ts";
import { specOf } from "../queries/zone-timers.ts";
import { settingsOf } from "./flush-settings.ts";

/** A program that has just begun compiles; connections open. */
const warmUpNs = 2 * nsPerS;
/** So long a client waits for an answer; a call that had less of the measured time was merely cut off by its end. */
const callTimeoutNs = defaultLoad.callTimeoutMs * nsPerMs;
/** With more of them than lie beyond the 99th percentile nobody knows where it is. */
const unansweredShareMax = 0.01;

export const price: Checker = {
  entry: "DUR-9",
  check(view) {
    const { tier } = specOf(view);
    const figures = fullLoad(view);
    const ruling = rulingOf([isMeasured(view, figures), isOfTheTier(view, tier)], { tier, ...figures });
    if (ruling.verdict !== "kept" || !figures) return ruling;
    return { ...ruling, because: `${tier}: ${wordsFor(figures)}` };
  },
};

function wordsFor({ factsPerS, inFlight, p50Ms, p99Ms, unanswered, answers }: FullLoad): string {
  const rate = `${factsPerS} facts a second with ${inFlight} calls at a time`;
  return `${rate}, p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${unanswered} of ${counted(answers + unanswered, "call")} unanswered`;
}

interface FullLoad {
  inFlight: number;
  answers: number;
  /** Calls that got no `ok` in the measured time. */
  unanswered: number;
  overS: number;
  factsPerS: number;
  p50Ms: number;
  p99Ms: number;
  events: number[];
}

/** From shortly after the load went to full until the next pace, pause or fault. */
function fullLoad(view: HistoryView): FullLoad | undefined {
  const paces = marksOf(view, "paced");
  const place = paces.findIndex(({ event }) => event.detail?.inFlight !== undefined);
  const from = paces[place];
  if (!from) return undefined;
  const fromNs = from.event.t + warmUpNs;
  const faults = view.faults.map(beforeNs).filter((ns) => ns > fromNs);
  const pauses = marksOf(view, "load-paused").filter(({ event }) => event.t > fromNs);
  const ends = [...pauses, ...paces.slice(place + 1)].map(({ event }) => event.t);
  const toNs = Math.min(...ends, loadEndNs(view), ...faults);
  const { answered, waited } = latenciesIn(view, fromNs, toNs);
  const latencies = [...answered, ...waited].sort((a, b) => a - b);
  const rank = (share: number) => msOf(latencies[Math.max(0, Math.ceil(share * latencies.length) - 1)] ?? Number.NaN);
  const overS = (toNs - fromNs) / nsPerS;
  return {
    inFlight: from.event.detail!.inFlight!,
    answers: answered.length,
    unanswered: waited.length,
    overS: Math.round(overS * 10) / 10,
    factsPerS: Math.round(answered.length / overS),
    p50Ms: rank(0.5),
    p99Ms: rank(0.99),
    events: [from.index],
  };
}

/** Of the calls invoked in that time: how long the answered ones took, and how long at least the others would have. */
function latenciesIn(view: HistoryView, fromNs: number, toNs: number): { answered: number[]; waited: number[] } {
  const answered: number[] = [];
  const waited: number[] = [];
  for (const { f, outcome, process, invokeNs, endNs } of view.operations) {
    if (f !== "append" || !isOutside(process) || invokeNs < fromNs) continue;
    if (outcome === "ok" && endNs <= toNs) answered.push(endNs - invokeNs);
    // One that was refused at once is no quick answer: it counts like one that was waited for.
    else if (invokeNs <= toNs - callTimeoutNs) waited.push(Math.max(callTimeoutNs, Math.min(endNs, toNs) - invokeNs));
  }
  return { answered, waited };
}

function isMeasured(view: HistoryView, figures: FullLoad | undefined): Assertion {
  const says = "the rate and the latency at full load were measured";
  if (!figures) return undecided(says, "the load was never full");
  const { answers, unanswered, events } = figures;
  const calls = answers + unanswered;
  if (unanswered / calls > unansweredShareMax)
    return undecided(says, `${unanswered} of ${counted(calls, "call")} at full load were not answered`);
  return answers >= view.bounds.priceAnswersMin
    ? kept(says, { events })
    : undecided(says, `${counted(answers, "fact")} were acknowledged at full load`);
}

function isOfTheTier(view: HistoryView, tier: string): Assertion {
  const says = `the servers ran as the ${tier} tier does`;
  for (const node of nodeNames) {
    const { syncAlways } = settingsOf(view, node);
    if (syncAlways === undefined) return undecided(says, `the server of ${node} told no settings`);
    if (syncAlways !== (tier === "critical"))
      return refuted(says, `the server of ${node} ${syncAlways ? "flushes always" : "does not flush always"}`);
  }
  return kept(says);
}
