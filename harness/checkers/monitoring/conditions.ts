// When the condition of each monitor held, by evidence other than the monitors: what the observer saw, and which faults
// were in effect. And when a monitor may be other than green without its condition.

import { peerViewOf } from "#history/peer.ts";
import type { Observation, Span } from "#history/spans.ts";
import { spansOf } from "#history/spans.ts";
import { eventsOf, type FaultLife, type HistoryView, stateAt } from "#history/view.ts";
import {
  type FaultCondition,
  type FaultMonitor,
  type MonitorName,
  type MonitorSpec,
  monitorSpecs,
  type MonitorState,
} from "#spec/monitor.ts";
import { type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import { activeSpans, effectNs, marksOf, returnNs, severs, touchNs } from "../queries/history-queries.ts";

export interface Window {
  fromNs: number;
  toNs: number;
}

/** A condition certainly held in [fromNs, untilNs], and may have held since `sinceNs`. */
export interface Condition {
  what: string;
  sinceNs: number;
  fromNs: number;
  /** Infinity when its end was not seen. */
  untilNs: number;
  accepts: readonly MonitorState[];
}

function settleNs(view: HistoryView): number {
  return view.bounds.settleS * 1e9;
}

interface Evidence {
  conditions(view: HistoryView): Condition[];
  /** Times, outside the conditions, when the monitor may be other than green. */
  excuses(view: HistoryView): Window[];
}

/** What the checker of a monitor rests on. */
export function evidenceOf(name: MonitorName): Evidence {
  const { alarmsOn }: MonitorSpec = monitorSpecs[name];
  if (alarmsOn === undefined) return ownEvidence[name as Exclude<MonitorName, FaultMonitor>];
  return { conditions: (view) => faulted(view, (life) => isOf(life, alarmsOn)), excuses: lostNodes };
}

function isOf({ fault, traits }: FaultLife, condition: FaultCondition): boolean {
  return "fault" in condition ? fault === condition.fault : traits.gate === condition.gate;
}

const ownEvidence: Record<Exclude<MonitorName, FaultMonitor>, Evidence> = {
  "MON-1": { conditions: vipAway, excuses: unsettled },
  "MON-2": { conditions: churned, excuses: () => [] },
  "MON-3": { conditions: (view) => faulted(view, isFrozenController), excuses: unsettled },
  "MON-4": { conditions: strangeListeners, excuses: unsettled },
  "MON-6": {
    conditions: (view) => [
      ...faulted(view, isSilentServer),
      ...faulted(view, isLoss).map((one) => ({ ...one, accepts: ["red", "gone"] as const })),
    ],
    excuses: disturbedServers,
  },
  "MON-7": { conditions: (view) => faulted(view, isLoss), excuses: disturbedServers },
  "MON-8": { conditions: twoLost, excuses: disturbedServers },
  "MON-9": { conditions: storageLost, excuses: (view) => [...unsettled(view), ...lostNodes(view)] },
  "MON-11": { conditions: peerAway, excuses: standstills },
};

/** How many failovers the scenario provoked. MON-1 must report each. */
export function failoversAsked(view: HistoryView): number {
  return marksOf(view, "provoked").filter(({ event }) => event.detail.expectsFailover).length;
}

function isLoss({ traits }: FaultLife): boolean {
  return traits.node === "ends";
}

function isFrozenController(life: FaultLife): boolean {
  return life.fault === "process-freeze" && life.spec.process === "controller";
}

function isSilentServer({ traits }: FaultLife): boolean {
  return traits.server === "silent";
}

function nameOf(life: FaultLife): string {
  return `${life.fault} on ${life.nodes.join("+")}`;
}

/** The condition lasts as long as the fault, and until the node is a member again when it was lost. */
function faulted(view: HistoryView, pick: (life: FaultLife) => boolean): Condition[] {
  return view.faults.filter((life) => pick(life) && effectNs(life) < Infinity).map((life) => conditionOf(view, life));
}

function conditionOf(view: HistoryView, life: FaultLife): Condition {
  return {
    what: nameOf(life),
    sinceNs: touchNs(life),
    fromNs: effectNs(life),
    untilNs: isLoss(life) || isSilentServer(life) ? backNs(view, life) : healedNs(life),
    accepts: ["red"],
  };
}

function healedNs(life: FaultLife): number {
  return life.phases.healed?.event.t ?? Infinity;
}

/** When the scenario saw the node as a member again; Infinity if it did not. */
function backNs(view: HistoryView, life: FaultLife): number {
  const mark = marksOf(view, "recovered").find(
    ({ event }) => event.t >= healedNs(life) && life.nodes.includes(event.detail.node),
  );
  return mark && !mark.event.detail.isTimedOut ? mark.event.t : Infinity;
}

interface Reign {
  node: NodeName;
  /** Start of a listening span that was long enough to settle. */
  fromNs: number;
  /** When the VIP left the node, between two looks. */
  leaves: { sinceNs: number; fromNs: number };
}

/** The expected nodes, one after the other, by the definition of the monitor table and what the observer saw. */
function reigns(view: HistoryView): Reign[] {
  const spans = serviceNodes
    .flatMap((name) => activeSpans(view, name))
    .filter((span) => span.isOpen || span.toNs - span.fromNs >= settleNs(view))
    .sort((a, b) => a.fromNs - b.fromNs);
  return spans.map((span) => {
    const owned = view.spans[span.node].owns.find((one) => one.fromNs <= span.fromNs && one.toNs >= span.fromNs);
    const leaves = owned && !owned.isOpen ? { sinceNs: owned.toNs, fromNs: owned.latestNs } : undefined;
    return { node: span.node, fromNs: span.fromNs, leaves: leaves ?? { sinceNs: Infinity, fromNs: Infinity } };
  });
}

function vipAway(view: HistoryView): Condition[] {
  const all = reigns(view);
  return all.flatMap((reign, place) => {
    if (reign.leaves.fromNs === Infinity) return [];
    // The VIP may have stayed while the listener ended and came back.
    const next = all.slice(place + 1).find((one) => one.fromNs >= reign.leaves.sinceNs);
    const isLast = all.slice(place + 1).some((one) => one.leaves.sinceNs === reign.leaves.sinceNs);
    if (isLast) return [];
    // The expected node is green at once. Another node must settle first.
    const untilNs = next ? next.fromNs + (next.node === reign.node ? 0 : settleNs(view)) : Infinity;
    return [{ what: `the VIP left ${reign.node}`, ...reign.leaves, untilNs, accepts: ["red"] as const }];
  });
}

/** Times when no node is settled: no node serves, or the serving node is not yet the expected one. */
function unsettled(view: HistoryView): Window[] {
  const greenNs = settleNs(view) + monitorSpecs["MON-1"].greenMs * 1e6;
  const ended = serviceNodes.flatMap((name) => activeSpans(view, name).filter((span) => !span.isOpen));
  const starts = serviceNodes.flatMap((name) => activeSpans(view, name).map((span) => span.fromNs));
  return ended.map((span: Span) => {
    const next = Math.min(...starts.filter((t) => t > span.toNs), Infinity);
    return { fromNs: span.toNs, toNs: next + greenNs };
  });
}

/** The zone is cut off from the peer zone. The condition holds once the oldest fact is too old. */
function peerAway(view: HistoryView): Condition[] {
  const isOfPeer = (life: FaultLife) => severs(life, "peer");
  return faulted(view, isOfPeer).map((one) => ({ ...one, fromNs: one.fromNs + view.bounds.lagMaxS * 1e9 }));
}

/** A node of either zone is lost, until it is a member again. During a failover no fact is stored or confirmed. */
function standstills(view: HistoryView): Window[] {
  const lateNs = monitorSpecs["MON-11"].greenMs * 1e6;
  const both = [view, peerViewOf(view)?.view].filter((one) => one !== undefined);
  return both.flatMap((one) =>
    one.faults
      .filter((life) => isLoss(life) || isSilentServer(life))
      .map((life) => ({ fromNs: touchNs(life), toNs: backNs(one, life) + lateNs })),
  );
}

/** Counted from the first event of the monitors: they do not know what came before. */
function churned(view: HistoryView): Condition[] {
  const fromNs = eventsOf(view.history, "monitor")[0]?.event.t ?? Infinity;
  const stamps = { kernel: [] as number[], reported: [] as number[] };
  for (const name of nodeNames)
    view.observations[name].forEach(({ event }, place, all) => {
      const before = all[place - 1]?.event;
      if (!before || event.t < fromNs) return;
      if (before.ownsVip !== event.ownsVip) stamps.kernel.push(event.t);
      if (before.role !== event.role && /^(?:MASTER|BACKUP|FAULT|STOP)$/.test(event.role ?? ""))
        stamps.reported.push(event.t);
    });
  const { churnMax, churnWindowS } = view.bounds;
  const windowNs = churnWindowS * 1e9;
  const count = (all: readonly number[], t: number) => all.filter((one) => one <= t && one > t - windowNs).length;
  const isChurn = (t: number) => Math.max(count(stamps.kernel, t), count(stamps.reported, t)) > churnMax;
  const turns = [...stamps.kernel, ...stamps.reported].flatMap((t) => [t, t + windowNs]).sort((a, b) => a - b);
  const conditions: Condition[] = [];
  let open: Condition | undefined;
  for (const t of turns)
    if (isChurn(t) && !open)
      conditions.push((open = { what: "churn", sinceNs: t, fromNs: t, untilNs: Infinity, accepts: ["red"] }));
    else if (!isChurn(t) && open) {
      open.untilNs = t;
      open = undefined;
    }
  return conditions;
}

function strangeListeners(view: HistoryView): Condition[] {
  const wanted = `${view.endpoint.vip}:${view.endpoint.rpcPort}`;
  const holds = (state: Observation["event"]) => state.isAlive && state.listens.some((at) => at !== wanted);
  return nodeNames.flatMap((name) =>
    spansOf(view.observations[name], { holds }, view.lastNs)
      .filter((span) => !span.isOnlyPossible)
      .map((span) => ({
        what: `${name} listened on ${stateAt(view, name, span.fromNs)?.listens.join(" ")}`,
        sinceNs: span.earliestNs,
        fromNs: span.fromNs,
        untilNs: span.isOpen ? Infinity : span.latestNs,
        accepts: ["red"] as const,
      })),
  );
}

/** From the second of two losses until one node is back. */
function twoLost(view: HistoryView): Condition[] {
  const lost = view.faults.filter((life) => isLoss(life) && effectNs(life) < Infinity);
  return lost.flatMap((second, place) => {
    const first = lost.slice(0, place).find((one) => returnNs(one) > effectNs(second));
    if (!first) return [];
    const untilNs = Math.max(
      Math.min(healedNs(first), healedNs(second)),
      Math.min(backNs(view, first), backNs(view, second)),
    );
    return [{ ...conditionOf(view, second), what: `${nameOf(first)} and ${nameOf(second)}`, untilNs }];
  });
}

/** The expected node lost its storage, until the repair or until another node is the expected one. */
function storageLost(view: HistoryView): Condition[] {
  const all = reigns(view);
  const lives = view.faults.filter((one) => one.traits.gate === "storage" && effectNs(one) < Infinity);
  return lives.flatMap((life) => {
    const condition = conditionOf(view, life);
    const reign = all.findLast((one) => one.fromNs + settleNs(view) <= condition.fromNs) ?? all[0];
    if (!reign || !life.nodes.includes(reign.node)) return [];
    const next = all.find((one) => one.fromNs > condition.sinceNs && one.node !== reign.node);
    const adoptedNs = next ? next.fromNs + settleNs(view) : Infinity;
    return [{ ...condition, untilNs: Math.min(condition.untilNs, adoptedNs) }];
  });
}

/** A node is down or frozen, until its monitors have looked again. */
function lostNodes(view: HistoryView): Window[] {
  const lateNs = monitorSpecs["MON-6"].greenMs * 1e6;
  return nodeNames.flatMap((name) => {
    const spans = [...view.spans[name].down, ...view.spans[name].frozen];
    return spans.map((span) => ({ fromNs: span.earliestNs, toNs: span.latestNs + lateNs }));
  });
}

/** From any fault that may disturb a server until its node is a member again. */
function disturbedServers(view: HistoryView): Window[] {
  const greenNs = monitorSpecs["MON-8"].greenMs * 1e6;
  const lives = view.faults.filter(({ traits }) => traits.server !== "untouched");
  return lives.map((life) => ({ fromNs: touchNs(life), toNs: backNs(view, life) + greenNs }));
}
