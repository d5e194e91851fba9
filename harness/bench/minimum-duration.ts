// How long a scenario must take whatever the machine does: its planned holds and the zone's own timers. Beside it the
// wall time of a suite says how much is left to gain. Pure; a lower bound, not a forecast: boots, catching up, reading
// back and handing the VIP back to alpha between two scenarios are left out.

import { type FaultSpec, nodesOf, traitsOf } from "#spec/faults.ts";
import type { NodeName, ServiceNode } from "#spec/node.ts";
import type { ScenarioSpec, Step } from "#spec/scenario.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";

/** VRRP: adverts missed, and the skew that lets the higher priority go first (RFC 5798, section 6.1). */
export function vrrpTakeoverMs(spec: ZoneSpec, node: ServiceNode): number {
  return spec.vrrp.downAdverts * spec.vrrp.advertS * 1000 + skewMs(spec, node);
}

function skewMs({ vrrp }: ZoneSpec, node: ServiceNode): number {
  return ((256 - vrrp.priority[node]) / 256) * vrrp.advertS * 1000;
}

/** A cold start obliges one to wait for VRRP to elect alpha. */
export function zoneReadyMs(spec: ZoneSpec): number {
  return vrrpTakeoverMs(spec, "alpha");
}

/** From the loss of the active node to its successor. The lease counts from its last renewal, one interval earlier at most. */
function failoverMs(spec: ZoneSpec, loss: { isClean: boolean; to: ServiceNode }): number {
  // An orderly stop gives the lease up and sends an advert of priority 0: skew and hold-down remain.
  if (loss.isClean) return Math.max(spec.holdDownMs, skewMs(spec, loss.to));
  const leaseMs = spec.lease.takeMs - spec.lease.renewMs;
  return Math.max(spec.holdDownMs, vrrpTakeoverMs(spec, loss.to), leaseMs);
}

interface Clock {
  ms: number;
  active: ServiceNode;
  /** The active node was lost and nobody has answered since. */
  lost: { ms: number; isClean: boolean } | undefined;
  repairedMs: Map<NodeName, number>;
}

/** Walks through the steps on a clock that only holds and timers move. */
export function obligedWaitMs(scenario: ScenarioSpec, spec: ZoneSpec): number {
  const clock: Clock = { ms: 0, active: "alpha", lost: undefined, repairedMs: new Map() };
  for (const step of scenario.steps) take(clock, step, spec);
  return Math.round(clock.ms);
}

function take(clock: Clock, step: Step, spec: ZoneSpec): void {
  if (step.step === "hold") clock.ms += step.ms;
  else if (step.step === "provoke") provoke(clock, step.faults);
  else if (step.step === "repair") for (const node of step.nodes) clock.repairedMs.set(node, clock.ms);
  // Whoever serves: at best the one that did.
  else if (step.step === "await-answer") answer(clock, step.node ?? clock.active, spec);
}

function provoke(clock: Clock, faults: readonly FaultSpec[]): void {
  const hit = faults.find((one) => traitsOf(one).failover !== "none" && nodesOf(one).includes(clock.active));
  if (hit && !clock.lost) clock.lost = { ms: clock.ms, isClean: traitsOf(hit).failover === "orderly" };
}

function answer(clock: Clock, node: ServiceNode, spec: ZoneSpec): void {
  if (!clock.lost) return;
  const { lost } = clock;
  const repairedMs = clock.repairedMs.get(node);
  const timers = lost.ms + failoverMs(spec, { isClean: lost.isClean, to: node });
  // Whoever was kept from electing itself begins to listen for adverts when it is repaired.
  const election = repairedMs !== undefined && repairedMs >= lost.ms ? repairedMs + vrrpTakeoverMs(spec, node) : 0;
  clock.ms = Math.max(clock.ms, timers, election);
  clock.active = node;
  clock.lost = undefined;
}

/** One scenario's chain of waits. */
export interface Chain {
  name: string;
  waitMs: number;
  /** It asks for a zone of its own kind, and cannot use one that is there. */
  isOwnZone: boolean;
}

export interface Floor {
  floorMs: number;
  longestMs: number;
  sumMs: number;
}

/**
 * The least wall time of `lanes` zones side by side: longest chain first, each onto the lane that is free first. Every
 * lane starts a zone once.
 */
export function floorOf(chains: readonly Chain[], lanes: number, startMs: number): Floor {
  const lengths = chains.map((one) => one.waitMs + (one.isOwnZone ? startMs : 0)).toSorted((a, b) => b - a);
  const ends = Array.from({ length: Math.max(1, Math.min(lanes, lengths.length)) }, () => startMs);
  for (const length of lengths) {
    const first = ends.indexOf(Math.min(...ends));
    ends[first] = ends[first]! + length;
  }
  return {
    floorMs: lengths.length > 0 ? Math.max(...ends) : 0,
    longestMs: lengths[0] ?? 0,
    sumMs: lengths.reduce((sum, length) => sum + length, 0),
  };
}
