// The minimum duration of a scenario on any machine: its planned holds and the timers of the zone. The difference to
// the wall time is what a faster harness could gain. Pure. It is a lower bound and leaves out boot, catch-up, reading
// back, and the return of the VIP to alpha between scenarios.

import { type FaultSpec, nodesOf, traitsOf } from "#spec/faults.ts";
import type { NodeName, ServiceNode } from "#spec/node.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";
import type { Step } from "#spec/steps.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";

/** VRRP takeover: missed adverts, plus the skew that favours the higher priority (RFC 5798, section 6.1). */
export function vrrpTakeoverMs(spec: ZoneSpec, node: ServiceNode): number {
  return spec.vrrp.downAdverts * spec.vrrp.advertS * 1000 + skewMs(spec, node);
}

function skewMs({ vrrp }: ZoneSpec, node: ServiceNode): number {
  return ((256 - vrrp.priority[node]) / 256) * vrrp.advertS * 1000;
}

/** After a cold start, VRRP must elect alpha first. */
export function zoneReadyMs(spec: ZoneSpec): number {
  return vrrpTakeoverMs(spec, "alpha");
}

/**
 * From the loss of the active node to its successor. The lease counts from its last renewal, at most one interval
 * earlier.
 */
function failoverMs(spec: ZoneSpec, loss: { isClean: boolean; to: ServiceNode }): number {
  // An orderly stop releases the lease and sends an advert of priority 0. Skew and hold-down remain.
  if (loss.isClean) return Math.max(spec.holdDownMs, skewMs(spec, loss.to));
  const leaseMs = spec.lease.takeMs - spec.lease.renewMs;
  return Math.max(spec.holdDownMs, vrrpTakeoverMs(spec, loss.to), leaseMs);
}

interface Clock {
  ms: number;
  active: ServiceNode;
  /** The active node was lost, and no node has answered since. */
  lost: { ms: number; isClean: boolean } | undefined;
  repairedMs: Map<NodeName, number>;
}

/** Walks through the steps on a clock that only holds and timers move. */
export function minimumDurationMs(scenario: ScenarioSpec, spec: ZoneSpec): number {
  const clock: Clock = { ms: 0, active: "alpha", lost: undefined, repairedMs: new Map() };
  for (const step of scenario.steps) take(clock, step, spec);
  return Math.round(clock.ms);
}

function take(clock: Clock, step: Step, spec: ZoneSpec): void {
  if (step.step === "hold") clock.ms += step.ms;
  else if (step.step === "provoke") provoke(clock, step.faults);
  else if (step.step === "repair") for (const node of step.nodes) clock.repairedMs.set(node, clock.ms);
  // Without a node in the step, the shortest case is that the active node stays.
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
  // A repaired node starts to listen for adverts at its repair.
  const election = repairedMs !== undefined && repairedMs >= lost.ms ? repairedMs + vrrpTakeoverMs(spec, node) : 0;
  clock.ms = Math.max(clock.ms, timers, election);
  clock.active = node;
  clock.lost = undefined;
}

/** The minimum duration of one scenario. */
export interface Chain {
  name: string;
  minimumMs: number;
  /** It needs a zone of its own and cannot reuse one. */
  isOwnZone: boolean;
}

export interface Floor {
  floorMs: number;
  longestMs: number;
  sumMs: number;
}

/**
 * The minimum wall time with `lanes` zones at a time. The longest scenario goes first, each to the lane that is free
 * first. Every lane starts a zone once.
 */
export function floorOf(chains: readonly Chain[], lanes: number, startMs: number): Floor {
  const lengths = chains.map((one) => one.minimumMs + (one.isOwnZone ? startMs : 0)).toSorted((a, b) => b - a);
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
