// Windows in which a fault excuses missing answers, each with its bound. They follow from the traits of the faults and
// from who was active, never from a name. Each window excuses one gap of each kind of call
// (docs/decisions/0023-service-call-by-call.md).

import type { FaultLife, HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import { nsPerMs, nsPerS } from "../checker.ts";
import { activeAt, beforeNs, effectNs, marksOf, returnNs, severs, targetOf, touchNs } from "./history-queries.ts";
import { specOf } from "./zone-timers.ts";

export interface ServiceWindow {
  /** "takeover": another node must take over. "election": streams may elect leaders. "return": a node comes back. */
  why: "takeover" | "election" | "return";
  /** The fault that opened it. */
  life: FaultLife;
  fromNs: number;
  untilNs: number;
}

/** A time in which no node may serve. */
export interface Unserved {
  fromNs: number;
  toNs: number;
  /** There was no quorum for a part of it. */
  lacksQuorum: boolean;
}

/** In the order of their starts. */
export function serviceWindows(view: HistoryView): ServiceWindow[] {
  const lives = effectiveFaults(view);
  const without = unservedTimes(view);
  const electionNs = view.bounds.outageMaxMs * nsPerMs;
  return lives
    .flatMap((life): ServiceWindow[] => {
      const [fromNs, backNs] = [touchNs(life), returnNs(life)];
      const takesService = movesService(view, life) || without.some((one) => one.fromNs === fromNs);
      const mayElect = life.traits.server !== "untouched";
      return [
        ...(takesService
          ? [{ why: "takeover" as const, life, fromNs, untilNs: takeoverEndNs(view, fromNs, without) }]
          : []),
        ...(mayElect ? [{ why: "election" as const, life, fromNs, untilNs: fromNs + electionNs }] : []),
        ...(mayElect && backNs < Infinity
          ? [{ why: "return" as const, life, fromNs: backNs, untilNs: backNs + electionNs }]
          : []),
      ];
    })
    .sort((a, b) => a.fromNs - b.fromNs);
}

/** The fault is on the active node and costs it the service, for good or until a supervisor starts a program again. */
function movesService(view: HistoryView, life: FaultLife): boolean {
  // A fault may follow so soon after a takeover that no node was active a look earlier.
  const active = activeAt(view, beforeNs(life)) ?? activeAt(view, touchNs(life));
  const isOfActive = active !== undefined && life.nodes.includes(active);
  return isOfActive && (isUnfit(view, life) || targetOf(life) !== undefined);
}

/** The time for a takeover starts again at a repair that brings back the quorum or the first node that may serve. */
function takeoverEndNs(view: HistoryView, fromNs: number, without: readonly Unserved[]): number {
  const takeoverNs = view.bounds.failoverMaxS * nsPerS;
  let untilNs = fromNs + takeoverNs;
  for (const one of without)
    if (one.toNs > fromNs && one.fromNs <= untilNs) untilNs = Math.max(untilNs, one.toNs + takeoverNs);
  return untilNs;
}

function effectiveFaults(view: HistoryView): FaultLife[] {
  return view.faults.filter((life) => effectNs(life) < Infinity);
}

/** Times in which the standing faults leave no quorum, or no service node that may serve. In order. */
export function unservedTimes(view: HistoryView): Unserved[] {
  const lives = effectiveFaults(view);
  const standsUntil = new Map(lives.map((life) => [life, outUntilNs(view, life)]));
  const stamps = [...new Set([...standsUntil].flatMap(([life, toNs]) => [touchNs(life), toNs]))].sort((a, b) => a - b);
  const found: Unserved[] = [];
  for (const [place, fromNs] of stamps.entries()) {
    const standing = lives.filter((life) => touchNs(life) <= fromNs && standsUntil.get(life)! > fromNs);
    const lacksQuorum = !hasQuorum(standing);
    if (!lacksQuorum && hasFitNode(view, standing)) continue;
    const toNs = stamps[place + 1] ?? Infinity;
    const before = found.at(-1);
    if (before?.toNs === fromNs) Object.assign(before, { toNs, lacksQuorum: before.lacksQuorum || lacksQuorum });
    else found.push({ fromNs, toNs, lacksQuorum });
  }
  return found;
}

/** A node that restarts is back when the scenario saw it as a member again. Its fault is healed later. */
function outUntilNs(view: HistoryView, life: FaultLife): number {
  if (life.traits.node !== "restarts") return returnNs(life);
  const isBack = ({ t, detail }: { t: number; detail: { node: NodeName; isTimedOut?: boolean } }) =>
    t > effectNs(life) && life.nodes.includes(detail.node) && !detail.isTimedOut;
  const back = marksOf(view, "recovered").find(({ event }) => isBack(event));
  return Math.min(returnNs(life), back?.event.t ?? Infinity);
}

function hasQuorum(standing: readonly FaultLife[]): boolean {
  const isOut = (node: NodeName) => standing.some((life) => life.nodes.includes(node) && isServerOut(life));
  return nodeNames.filter((node) => !isOut(node)).length * 2 > nodeNames.length;
}

function hasFitNode(view: HistoryView, standing: readonly FaultLife[]): boolean {
  return serviceNodes.some((node) => !standing.some((life) => life.nodes.includes(node) && isUnfit(view, life)));
}

/** The node's server neither leads nor votes. */
function isServerOut(life: FaultLife): boolean {
  const { node, server, gate, leavesMaster } = life.traits;
  const isCutOff = severs(life, "zone") && (gate === "quorum" || leavesMaster);
  return node !== "runs" || server === "silent" || isCutOff;
}

/** The node may not serve. */
function isUnfit(view: HistoryView, life: FaultLife): boolean {
  const { failover, leavesMaster, gate } = life.traits;
  return isServerOut(life) || failover !== "none" || leavesMaster || (gate !== null && !isWarnedOnly(view, life));
}

/** A certificate with little time left closes no gate under the policy "warn". */
function isWarnedOnly(view: HistoryView, { traits, spec }: FaultLife): boolean {
  const isShort = (spec.way ?? "short") === "short";
  return traits.gate === "certificate" && isShort && specOf(view).certificate.policy === "warn";
}
