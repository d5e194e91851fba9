// DUR-9: what a tier costs: facts a second and latency at full load, of one tier a history; the entry's figures put them side
// by side. Full load is so many calls at a time, each followed by the next, so the rate is what the zone gives. Broken only when
// the figures are not those of the tier they are told for: the servers ran with the other one's settings.

import type { HistoryView } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import { type Checker, counted, msOf, nsPerS } from "#checkers/checker.ts";
import { type Claim, kept, refuted, rule, undecided } from "#checkers/claims.ts";
import { beforeNs, isOutside, loadEndNs, marksOf } from "#checkers/scene.ts";
import { settingsOf } from "./flush-settings.ts";

/** A program that has just begun compiles; connections open. */
const warmUpNs = 2 * nsPerS;

export const price: Checker = {
  entry: "DUR-9",
  check(view) {
    const tier = String(view.history.header.zone.spec["tier"]);
    const figures = fullLoad(view);
    const ruling = rule([isMeasured(view, figures), isOfTheTier(view, tier)], { tier, ...figures });
    if (ruling.verdict !== "kept" || !figures) return ruling;
    return {
      ...ruling,
      because: `${tier}: ${figures.factsPerS} facts a second with ${figures.inFlight} calls at a time, p50 ${figures.p50Ms} ms, p99 ${figures.p99Ms} ms`,
    };
  },
};

interface FullLoad {
  inFlight: number;
  answers: number;
  overS: number;
  factsPerS: number;
  p50Ms: number;
  p99Ms: number;
  events: number[];
}

/** From shortly after the load went to full until the next pace or the first fault after it. */
function fullLoad(view: HistoryView): FullLoad | undefined {
  const paces = marksOf(view, "paced");
  const place = paces.findIndex(({ event }) => typeof event.detail?.["inFlight"] === "number");
  const from = paces[place];
  if (!from) return undefined;
  const fromNs = from.event.t + warmUpNs;
  const faults = view.faults.map(beforeNs).filter((ns) => ns > fromNs);
  const toNs = Math.min(paces[place + 1]?.event.t ?? Infinity, loadEndNs(view), ...faults);
  const latencies: number[] = [];
  for (const { f, outcome, process, invokeNs, endNs } of view.operations)
    if (f === "append" && outcome === "ok" && isOutside(process) && invokeNs >= fromNs && endNs <= toNs)
      latencies.push(endNs - invokeNs);
  latencies.sort((a, b) => a - b);
  const rank = (share: number) => msOf(latencies[Math.max(0, Math.ceil(share * latencies.length) - 1)] ?? Number.NaN);
  const overS = (toNs - fromNs) / nsPerS;
  return {
    inFlight: Number(from.event.detail?.["inFlight"]),
    answers: latencies.length,
    overS: Math.round(overS * 10) / 10,
    factsPerS: Math.round(latencies.length / overS),
    p50Ms: rank(0.5),
    p99Ms: rank(0.99),
    events: [from.index],
  };
}

function isMeasured(view: HistoryView, figures: FullLoad | undefined): Claim {
  const says = "the rate and the latency at full load were measured";
  if (!figures) return undecided(says, "the load was never full");
  return figures.answers >= view.bounds.priceAnswersMin
    ? kept(says, { events: figures.events })
    : undecided(says, `${counted(figures.answers, "fact")} were acknowledged at full load`);
}

function isOfTheTier(view: HistoryView, tier: string): Claim {
  const says = `the servers ran as the ${tier} tier does`;
  for (const node of nodeNames) {
    const { syncAlways } = settingsOf(view, node);
    if (syncAlways === undefined) return undecided(says, `the server of ${node} told no settings`);
    if (syncAlways !== (tier === "critical"))
      return refuted(says, `the server of ${node} ${syncAlways ? "flushes always" : "does not flush always"}`);
  }
  return kept(says);
}
