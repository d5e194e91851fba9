// Windows in which a fault excuses missing answers, each with its bound. They follow from the traits of the faults and
// from who was active, never from a name. Each window excuses one gap of each kind of call
// (docs/decisions/0023-service-call-by-call.md).

import type { FaultLife, HistoryView } from "#history/view.ts";
import { isServiceNode, nodeNames, serviceNodes } from "#spec/node.ts";
import { nsPerMs, nsPerS } from "../checker.ts";
import { activeAt, beforeNs, effectNs, returnNs, severs, targetOf, touchNs } from "./history-queries.ts";
import { specOf } from "./zone-timers.ts";

export interface ServiceWindow {
  /** "takeover": another node must take over. "election": streams may elect leaders. "return": a node comes back. */
  why: "takeover" | "election" | "return";
  /** The fault that opened it. */
  life: FaultLife;
  fromNs: number;
  untilNs: number;
}

interface Stretch {
  fromNs: number;
  toNs: number;
}

/** In the order of their starts. */
export function serviceWindows(view: HistoryView): ServiceWindow[] {
  const lives = view.faults.filter((life) => effectNs(life) < Infinity);
  const without = withoutService(view, lives);
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
  const active = activeAt(view, beforeNs(life));
  const isOfActive = active !== undefined && life.nodes.includes(active);
  return isOfActive && (isUnfit(view, life) || targetOf(life) !== undefined);
}

/** The time for a takeover starts again at a repair that brings back the quorum or the first node that may serve. */
function takeoverEndNs(view: HistoryView, fromNs: number, without: readonly Stretch[]): number {
  const takeoverNs = view.bounds.failoverMaxS * nsPerS;
  let untilNs = fromNs + takeoverNs;
  for (const one of without)
    if (one.toNs > fromNs && one.fromNs <= untilNs) untilNs = Math.max(untilNs, one.toNs + takeoverNs);
  return untilNs;
}

/** Times in which the standing faults leave no quorum, or no service node that may serve. In order. */
function withoutService(view: HistoryView, lives: readonly FaultLife[]): Stretch[] {
  const stamps = [...new Set(lives.flatMap((life) => [touchNs(life), returnNs(life)]))].sort((a, b) => a - b);
  const stretches: Stretch[] = [];
  for (const [place, fromNs] of stamps.entries()) {
    const standing = lives.filter((life) => touchNs(life) <= fromNs && returnNs(life) > fromNs);
    if (isServed(view, standing)) continue;
    const toNs = stamps[place + 1] ?? Infinity;
    const before = stretches.at(-1);
    if (before?.toNs === fromNs) before.toNs = toNs;
    else stretches.push({ fromNs, toNs });
  }
  return stretches;
}

function isServed(view: HistoryView, standing: readonly FaultLife[]): boolean {
  const has = (is: (life: FaultLife) => boolean, node: (typeof nodeNames)[number]) =>
    standing.some((life) => life.nodes.includes(node) && is(life));
  const voters = nodeNames.filter((node) => !has(isServerOut, node));
  const fit = serviceNodes.filter((node) => !has((life) => isUnfit(view, life), node));
  return voters.length * 2 > nodeNames.length && fit.some(isServiceNode);
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
