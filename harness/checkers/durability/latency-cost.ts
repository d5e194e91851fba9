// DUR-9: the latency cost of a tier: facts a second and latency at full load. A history measures one tier; the entry's
// figures show both. Full load is a fixed number of calls in flight, so the zone sets the rate. A call without an
// answer counts with the time that the client waited. Broken only when the servers ran with the settings of the other
// tier.

import type { HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { nodeNames } from "#spec/node.ts";
import { defaultLoad } from "#spec/scenario.ts";
import { type Checker, counted, msOf, nsPerMs, nsPerS } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { beforeNs, isOutside, loadEndNs, marksOf } from "../queries/history-queries.ts";
import { specOf } from "../queries/zone-timers.ts";
import { settingsOf } from "./flush-settings.ts";

/** At first a program still compiles and opens connections. */
const warmUpNs = 2 * nsPerS;
/** How long a client waits for an answer. A call that had less time was only cut off by the end of the measurement. */
const callTimeoutNs = defaultLoad.callTimeoutMs * nsPerMs;
/** With a larger share the 99th percentile is not known. */
const unansweredShareMax = 0.01;

export const latencyCost: Checker = {
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

type FullLoadFigure = "inFlight" | "answers" | "unanswered" | "overS" | "factsPerS" | "p50Ms" | "p99Ms" | "events";
type FullLoad = Required<Pick<Figures, FullLoadFigure>>;

/** From shortly after the load was full until the next pace, pause or fault. */
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

/** Calls invoked in that time: how long the answered ones took, and how long the client waited for the others. */
function latenciesIn(view: HistoryView, fromNs: number, toNs: number): { answered: number[]; waited: number[] } {
  const answered: number[] = [];
  const waited: number[] = [];
  for (const { f, outcome, process, invokeNs, endNs } of view.operations) {
    if (f !== "append" || !isOutside(process) || invokeNs < fromNs) continue;
    if (outcome === "ok" && endNs <= toNs) answered.push(endNs - invokeNs);
    // A refusal is no quick answer: it counts like a call without an answer.
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
    if (syncAlways === undefined) return undecided(says, `the server of ${node} gave no settings`);
    if (syncAlways !== (tier === "critical"))
      return refuted(says, `the server of ${node} ${syncAlways ? "flushes always" : "does not flush always"}`);
  }
  return kept(says);
}
