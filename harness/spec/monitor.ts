// The monitors of a zone: name, slug, and how late each may be. Plain data: the rules are in harness/monitors, and
// the verdicts on them are in harness/checkers/monitoring.

import type { FaultName } from "./faults.ts";
import { type Bounds, defaultBounds } from "./verdict.ts";
import type { GateName } from "./zone-spec.ts";

export interface MonitorSpec {
  /** Its readable name, usable wherever its id is. The catalogue takes it from here. */
  slug: string;
  /** Longest time from the condition to red. A bound, not an aim: the report shows the delay that was measured. */
  redMs: number;
  /** Longest time from the end of the condition to green. */
  greenMs: number;
  /** What the two bounds are made of. */
  because: string;
  /** Only a zone with a peer zone has it. */
  needsPeer?: true;
  /** Its condition, where it is a single fault. Else the checker has a condition of its own for it. */
  alarmsOn?: FaultCondition;
}

/** A fault by its name, or any fault that closes this gate. */
export type FaultCondition = { fault: FaultName } | { gate: GateName };

/** Two samples that agree: up to one second until the first, and each waits for its slowest part. */
const twoSamplesMs = 5_000;

export const monitorSpecs = {
  "MON-1": {
    slug: "vip-expected-node",
    redMs: 1_000,
    greenMs: 3_000,
    because: "the observer samples every 5 ms; green at the next sample after the settling time",
  },
  "MON-2": {
    slug: "role-churn",
    redMs: 1_000,
    greenMs: 2_500,
    because: "counted as the observer reports; green at the next sample after the window of 30 s",
  },
  "MON-3": {
    slug: "controller-healthy",
    redMs: twoSamplesMs,
    greenMs: 4_000,
    because: "red after two calls of 1.2 s without an answer; green after one answer",
  },
  "MON-4": {
    slug: "bound-to-vip",
    redMs: 1_000,
    greenMs: 1_000,
    because: "the observer reads the listeners every 20 ms",
  },
  "MON-5": {
    slug: "no-stray-controller",
    redMs: 5_000,
    greenMs: 3_000,
    because: "a demotion has 2 s to end its controller; then two samples",
    alarmsOn: { fault: "stray-controller" },
  },
  "MON-6": {
    slug: "jetstream-healthy",
    redMs: twoSamplesMs,
    greenMs: 4_000,
    because: "two samples of 1.2 s without an answer",
  },
  "MON-7": {
    slug: "voters-visible",
    redMs: 7_000,
    greenMs: 5_000,
    because: "a lost leader must be replaced, or 3 s pass without a heartbeat; then two samples",
  },
  "MON-8": {
    slug: "quorum-confirmed",
    redMs: twoSamplesMs,
    greenMs: 5_000,
    because: "3 s without a heartbeat or an answer; then one sample",
  },
  "MON-9": {
    slug: "active-storage-writable",
    redMs: twoSamplesMs,
    greenMs: 3_000,
    because: "a write that hangs on a busy disk is tried again first",
  },
  "MON-10": {
    slug: "certificate-expiry",
    redMs: 3_000,
    greenMs: 3_000,
    because: "the file is read in every sample",
    alarmsOn: { gate: "certificate" },
  },
  "MON-11": {
    slug: "peer-lag",
    redMs: 4_000,
    greenMs: 12_000,
    because: "red: two samples after the lag is excessive; green: a dial has 3 s, then a backlog is read",
    needsPeer: true,
  },
} as const satisfies Record<`MON-${number}`, MonitorSpec>;

export type MonitorName = keyof typeof monitorSpecs;

/** Monitors whose condition is a single fault. */
export type FaultMonitor = {
  [Name in MonitorName]: (typeof monitorSpecs)[Name] extends { alarmsOn: FaultCondition } ? Name : never;
}[MonitorName];

export const monitorNames = Object.keys(monitorSpecs) as MonitorName[];

/** "MON-7 voters-visible". A history of another version may name a monitor that this one lacks. */
export function monitorNamed(name: string): string {
  return name in monitorSpecs ? `${name} ${monitorSpecs[name as MonitorName].slug}` : name;
}

/** The monitors of a zone: the lag of a peer can be measured only where there is a peer. */
export function monitorsOf({ hasPeer }: { hasPeer: boolean }): MonitorName[] {
  return monitorNames.filter((name) => hasPeer || !("needsPeer" in monitorSpecs[name]));
}

/** `gone`: no evidence. It is never green, and not an alarm either. */
export type MonitorState = "green" | "red" | "gone";

export interface MonitorLimits {
  /** A node that alone held the VIP and served for this long becomes the expected active node. */
  settleMs: number;
  /** More role transitions than `churnMax` inside the last `churnWindowMs` are churn. */
  churnWindowMs: number;
  churnMax: number;
  /** A controller may outlive its VIP for this long: on a demotion the address goes first. */
  strayMs: number;
  /** A voter is not visible when its leader has not heard it for this long. Heartbeats come every second. */
  voterSilentMs: number;
  /** From here on the peer's lag is excessive: the age of its oldest unconfirmed fact, or the number of such facts. */
  lagMaxMs: number;
  lagMaxFacts: number;
  /** After this long without a sample, or an event of the observer, there is no evidence. */
  silentMs: number;
  /** Samples in a row that must agree before the answer of a program that may be slow turns a monitor red. */
  agreeingSamples: number;
}

/** Limits that no profile changes. */
const fixedLimits = { strayMs: 2_000, voterSilentMs: 3_000, silentMs: 5_000, agreeingSamples: 2 };

/** Limits from the bounds of a run. A profile may change these. */
export function limitsUnder(bounds: Bounds): MonitorLimits {
  const { settleS, churnWindowS, churnMax, lagMaxS, lagMaxFacts } = bounds;
  const [settleMs, churnWindowMs, lagMaxMs] = [settleS * 1_000, churnWindowS * 1_000, lagMaxS * 1_000];
  return { settleMs, churnWindowMs, churnMax, lagMaxMs, lagMaxFacts, ...fixedLimits };
}

export const defaultMonitorLimits = limitsUnder(defaultBounds);

/** From the start of one sample to the start of the next. */
export const monitorSampleMs = 1_000;
/** Each part of a sample answers within this time or counts as silent. */
export const monitorAnswerMs = 1_200;
