// The assumptions of a run: the planned faults happened with proof, load ran, the observer looked, the scenario reached
// its end. An unmet assumption turns every `kept` of the scenario into `unknown`.

import type { MarkName } from "#history/event.ts";
import { type FaultLife, eventsOf, type HistoryView, markOf } from "#history/view.ts";
import { firstProgram } from "./by-hand/undecided.ts";
import { nsPerMs, nsPerS } from "./checker.ts";
import { beforeNs, isOutside, loadEndNs, marksOf } from "./queries/history-queries.ts";

/** Longest pause between two `looks` events, which come once a second. A busy host may lose one, not two. */
const silenceMaxNs = 2.5 * nsPerS;

const requiredMarks: MarkName[] = ["zone-ready", "load-started", "steady", "load-stopped", "audited"];

/** Sentences for unmet assumptions, the most important first. */
export function unmetAssumptions(view: HistoryView): string[] {
  return [
    ...eventsOf(view.history, "trouble")
      .slice(0, 3)
      .map(({ event }) => `the harness had trouble: [${event.code}] ${event.message}`),
    ...view.defects.slice(0, 3).map((defect) => `the history is malformed: ${defect}`),
    ...unprovenFaults(view),
    ...programsByHand(view),
    ...stepsByHand(view),
    ...requiredMarks.filter((mark) => !markOf(view, mark)).map((mark) => `the scenario never reached "${mark}"`),
    ...loadGaps(view),
    ...staleNeighbours(view),
    ...lostLines(view),
    ...observerSilence(view),
    ...eventless(view),
  ];
}

/** The faults that ran must be the planned ones, in order, each with a proof of its effect and of its healing. */
function unprovenFaults(view: HistoryView): string[] {
  const planned = view.history.header.plannedFaults;
  // Steps side by side start their faults in any order. The number of a fault is its place in the plan.
  const ran = view.faults.toSorted((one, other) => one.id - other.id);
  const unmet: string[] = [];
  if (planned.length !== ran.length) unmet.push(`${planned.length} faults were planned and ${ran.length} ran`);
  for (let place = 0; place < Math.max(planned.length, ran.length); place += 1) {
    const plan = planned[place];
    const life = ran[place];
    if (!plan) unmet.push(`fault ${nameOf(life!)} ran and was not planned`);
    else if (!life) unmet.push(`fault ${nameOf(plan)} was planned and did not run`);
    else if (nameOf(plan) !== nameOf(life))
      unmet.push(`fault ${nameOf(plan)} was planned and ${nameOf(life)} ran instead`);
    else unmet.push(...unprovenPhases(life, view.history.header.byHand === true));
  }
  return unmet;
}

/** It may have changed anything. */
function programsByHand(view: HistoryView): string[] {
  const program = firstProgram(view);
  if (!program) return [];
  const { node, command, user } = program.detail;
  return [`${user} ran "${command}" in ${node}: what it changed is not known`];
}

/** A person who walks through a scenario may leave out a wait that an entry rests on. */
function stepsByHand(view: HistoryView): string[] {
  if (view.history.header.byHand) return [];
  const [first] = marksOf(view, "by-hand");
  return first ? [`a person changed the run: ${first.event.detail.command}`] : [];
}

function unprovenPhases(life: FaultLife, isByHand: boolean): string[] {
  const { impossible, failed, effective, healing, healed } = life.phases;
  const name = nameOf(life);
  if (impossible) return [`fault ${name} is impossible here: ${impossible.event.proof ?? "no reason given"}`];
  if (failed) return [`fault ${name} failed: ${failed.event.proof ?? "no reason given"}`];
  if (!effective) return [`fault ${name} never took effect`];
  if (!effective.event.proof) return [`fault ${name} has no proof of its effect`];
  // A person undoes it when they like. What that needs is undecided until then; see by-hand/undecided.ts.
  if (!healed && isByHand && !healing) return [];
  if (!healed) return [`fault ${name} was never healed`];
  return healed.event.proof ? [] : [`fault ${name} has no proof of its healing`];
}

function nameOf(fault: { fault: string; nodes: readonly string[] }): string {
  return `${fault.fault} on ${fault.nodes.join("+")}`;
}

/**
 * The rate is the mean over this many seconds. The client is open-loop and catches up after a late timer, so the rate
 * of single seconds varies on a busy host.
 */
const rateWindowS = 5;

/** Windows of load in which the client host invoked fewer appends than the floor. Planned pauses do not count. */
function loadGaps(view: HistoryView): string[] {
  const perS = appendsPerSecond(view).filter((_, second) => !isPaused(view, second));
  const floor = view.bounds.loadFloorPerS;
  const windows = Array.from({ length: Math.max(1, perS.length - rateWindowS + 1) }, (_, second) => {
    const counts = perS.slice(second, second + rateWindowS);
    return { second, rate: counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length) };
  });
  const low = windows.filter(({ rate }) => rate < floor);
  const first = low[0];
  if (!first) return [];
  return [
    `load was below its floor of ${floor} appends a second in ${low.length} of ${windows.length} windows of ${rateWindowS} s, ` +
      `first in second ${first.second} with ${first.rate.toFixed(1)} a second`,
  ];
}

/** Part of that second of load is in a planned pause. A pause without an end lasts to the end of load. */
function isPaused(view: HistoryView, second: number): boolean {
  const fromNs = (markOf(view, "load-started")?.event.t ?? 0) + second * nsPerS;
  const pauses = marksOf(view, "load-paused").map(({ event }) => event.t);
  const ends = marksOf(view, "load-resumed").map(({ event }) => event.t);
  return pauses.some((pauseNs, place) => fromNs + nsPerS > pauseNs && fromNs < (ends[place] ?? Infinity));
}

/** Appends invoked on the client host in each whole second of load. */
export function appendsPerSecond(view: HistoryView): number[] {
  const fromNs = markOf(view, "load-started")?.event.t;
  const toNs = markOf(view, "load-stopped")?.event.t;
  if (fromNs === undefined || toNs === undefined) return [];
  const perS = Array.from({ length: Math.max(0, Math.floor((toNs - fromNs) / nsPerS)) }, () => 0);
  for (const { f, process, invokeNs } of view.operations) {
    const second = Math.floor((invokeNs - fromNs) / nsPerS);
    if (f === "append" && isOutside(process) && second >= 0 && second < perS.length) perS[second]! += 1;
  }
  return perS;
}

/**
 * Just before a failover the client host believed in the failing node's address, and for longer than any failover.
 * Otherwise it looks for the VIP by itself, and a zone that announces no takeover seems to. Older histories were made
 * without this evidence; their headers lack the bound.
 */
function staleNeighbours(view: HistoryView): string[] {
  const ageMaxMs = view.history.header.bounds["neighbourAgeMaxMs"];
  if (ageMaxMs === undefined) return [];
  const looks = marksOf(view, "neighbour");
  const failovers = marksOf(view, "provoked").filter(({ event }) => event.detail.expectsFailover);
  return failovers.flatMap(({ event: { t } }): string[] => {
    const look = looks.findLast(({ event }) => event.t <= t && event.t > t - nsPerS)?.event;
    if (!look) return ["the client's neighbour entry was not read before a failover"];
    const { state, reachableMs } = look.detail;
    if (state !== "REACHABLE") return [`the client's neighbour entry was ${state} before a failover`];
    const neededMs = view.bounds.failoverMaxS * 1_000;
    if (reachableMs <= neededMs) return [`the client's neighbour entry is believed for ${reachableMs} ms only`];
    const isUsed = [...view.operations].some(
      (o) => isOutside(o.process) && o.outcome === "ok" && o.endNs <= t && o.endNs > t - ageMaxMs * nsPerMs,
    );
    return isUsed ? [] : [`the client had no answer in the ${ageMaxMs} ms before a failover`];
  });
}

/** The observer reports once a second. After a longer pause it may have missed something. */
function observerSilence(view: HistoryView): string[] {
  const fromNs = markOf(view, "zone-ready")?.event.t;
  const toNs = markOf(view, "load-stopped")?.event.t;
  if (fromNs === undefined || toNs === undefined) return [];
  const stamps = view.looks.filter(({ event }) => event.looks > 0).map(({ event }) => event.t);
  const inside = [fromNs, ...stamps.filter((t) => t > fromNs && t < toNs), toNs];
  let longestNs = 0;
  for (let place = 1; place < inside.length; place += 1)
    longestNs = Math.max(longestNs, inside[place]! - inside[place - 1]!);
  if (longestNs <= silenceMaxNs) return [];
  return [`the observer was silent for ${(longestNs / nsPerS).toFixed(1)} s`];
}

/** A run without an acknowledged fact before the first fault shows nothing about the fault. */
function eventless(view: HistoryView): string[] {
  const untilNs = Math.min(loadEndNs(view), ...view.faults.map(beforeNs));
  const isServed = view.operations.some(
    ({ f, outcome, endNs }) => f === "append" && outcome === "ok" && endNs <= untilNs,
  );
  return isServed ? [] : ["no fact was acknowledged before the first fault"];
}

/** Numbers of the operations of one client begin this far apart (harness/scenario/load.ts). */
const operationStride = 10_000_000;

type Tally = { invoked: number; ok: number; fail: number; info: number };
const tallied = ["invoked", "ok", "fail", "info"] as const;

/** What the clients counted against the lines that are here: a line that went missing hides a call. */
function lostLines(view: HistoryView): string[] {
  const [stopped, drained] = [markOf(view, "load-stopped"), markOf(view, "drained")];
  const untilNs = stopped?.event.t ?? Infinity;
  const ofDrain = linesByClient(view, (ns) => ns > untilNs);
  return [
    ...miscounted(
      stopped?.event.detail?.clients,
      linesByClient(view, (ns) => ns <= untilNs),
    ),
    ...miscounted(drained?.event.detail.clients, ofDrain),
    ...(ofDrain.size > 0 && !drained ? ["a client called after the load had ended"] : []),
  ];
}

function miscounted(told: unknown[] | undefined, found: Map<string, Tally>): string[] {
  const clients = told as Partial<Tally>[] | undefined;
  if (!clients?.length) return [];
  const lines = [...found.values()];
  const sum = (of: readonly Partial<Tally>[], name: keyof Tally) => of.reduce((all, one) => all + (one[name] ?? 0), 0);
  return tallied
    .map((name) => ({ name, counted: sum(clients, name), found: sum(lines, name) }))
    .filter((one) => one.counted !== one.found)
    .slice(0, 1)
    .map((one) => `the clients counted ${one.counted} calls ${one.name}, and the history holds ${one.found}`);
}

/** By client: the calls of its last load. A client that was stopped and started again begins a new count. */
function linesByClient(view: HistoryView, isInvoked: (ns: number) => boolean): Map<string, Tally> {
  const loads = new Map<string, { load: number; tally: Tally }>();
  for (const { process, op, outcome, invokeNs } of view.operations) {
    if (!isInvoked(invokeNs)) continue;
    const [, client] = /^(client|alpha|beta)-/.exec(process) ?? [];
    if (client === undefined) continue;
    const load = Math.floor(op / operationStride);
    const known = loads.get(client);
    if (known && load < known.load) continue;
    const tally = known?.load === load ? known.tally : { invoked: 0, ok: 0, fail: 0, info: 0 };
    tally.invoked += 1;
    if (outcome !== "open") tally[outcome] += 1;
    loads.set(client, { load, tally });
  }
  return new Map([...loads].map(([client, { tally }]) => [client, tally]));
}
