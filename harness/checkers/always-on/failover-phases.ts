// Splits the time of a failover into four phases, from the observer's signals of the node that took over. They explain
// a verdict and decide none.

import type { HistoryView } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import { msOf } from "../checker.ts";

export interface Phases {
  /** Effect of the fault to the new node owning the VIP: detection and the move of the address. */
  vipMs: number | null;
  /** To the start of its controller process: lease, hold-down and gates. */
  gatesMs: number | null;
  /** To its listening on the VIP. */
  startMs: number | null;
  /** To the first answer a client got. */
  answerMs: number | null;
}

interface Takeover {
  node: NodeName;
  effectNs: number;
  answerNs: number;
}

export function failoverPhases(view: HistoryView, takeover: Takeover): Phases {
  const { node, effectNs, answerNs } = takeover;
  const lastBefore = <T extends { fromNs: number; isOnlyPossible: boolean }>(spans: readonly T[]) =>
    spans.findLast((span) => !span.isOnlyPossible && span.fromNs <= answerNs);
  const listens = lastBefore(view.spans[node].active);
  const owns = lastBefore(view.spans[node].owns);
  if (!listens || !owns) return { vipMs: null, gatesMs: null, startMs: null, answerMs: null };
  const startedNs = controllerStartNs(view, node, listens.fromNs);
  // Clamped: the start of a process is known in steps of 10 ms, so a phase may seem to begin before the one before it.
  const vipNs = clamp(owns.fromNs, effectNs, answerNs);
  const listenNs = clamp(listens.fromNs, vipNs, answerNs);
  const gatesNs = startedNs === undefined ? undefined : clamp(startedNs, vipNs, listenNs);
  return {
    vipMs: msOf(vipNs - effectNs),
    gatesMs: gatesNs === undefined ? null : msOf(gatesNs - vipNs),
    startMs: gatesNs === undefined ? null : msOf(listenNs - gatesNs),
    answerMs: msOf(answerNs - listenNs),
  };
}

function controllerStartNs(view: HistoryView, node: NodeName, listenNs: number): number | undefined {
  return view.observations[node].find(({ event }) => event.t >= listenNs && event.controller)?.event.controller
    ?.startedNs;
}

function clamp(t: number, leastNs: number, mostNs: number): number {
  return Math.min(Math.max(t, leastNs), mostNs);
}
