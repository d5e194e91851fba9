// The monitors of a zone, ten of it alone and one more where it has a peer: their names, what they watch, their limits, and how late they may be. Plain data; the
// folding is in harness/monitors, the verdicts are in harness/checkers/monitoring.

import { type Bounds, defaultBounds } from "./verdict.ts";

export const monitorNames = [
  "MON-1",
  "MON-2",
  "MON-3",
  "MON-4",
  "MON-5",
  "MON-6",
  "MON-7",
  "MON-8",
  "MON-9",
  "MON-10",
  "MON-11",
] as const;
export type MonitorName = (typeof monitorNames)[number];

/** Those that a zone has: what crosses to a peer can be told only where there is one. */
export function monitorsOf({ hasPeer }: { hasPeer: boolean }): MonitorName[] {
  return monitorNames.filter((name) => hasPeer || name !== "MON-11");
}

/** `gone`: nothing tells. It is never green, and not an alarm of what the monitor is for. */
export type MonitorState = "green" | "red" | "gone";

/** A few words each, for a terminal. */
export const monitorTitles: Record<MonitorName, string> = {
  "MON-1": "VIP on the expected node",
  "MON-2": "roles do not churn",
  "MON-3": "controller healthy on the VIP",
  "MON-4": "bound to the VIP only",
  "MON-5": "no controller where not active",
  "MON-6": "JetStream healthy on all nodes",
  "MON-7": "three voters visible",
  "MON-8": "quorum confirmed",
  "MON-9": "storage of the active node",
  "MON-10": "certificates far from expiry",
  "MON-11": "the peer zone keeps up",
};

export interface MonitorLimits {
  /** Another node that held the VIP and served alone for this long is the expected one from then on. */
  settleMs: number;
  /** More role transitions than `churnMax` inside the last `churnWindowMs` are churn. */
  churnWindowMs: number;
  churnMax: number;
  /** A controller may outlive its VIP for this long: on a demotion the address goes first. */
  strayMs: number;
  /** A voter that its leader has not heard for this long is not visible. Heartbeats come each second. */
  voterSilentMs: number;
  /** The peer's lag is excessive from here on: the age of the oldest fact that it has not confirmed, or their number. */
  lagMaxMs: number;
  lagMaxFacts: number;
  /** Without a look, or a sign of the observer, for this long nothing tells. */
  silentMs: number;
  /** Looks in a row that must agree before a monitor turns red on the answer of a program that may be slow. */
  agreeingLooks: number;
}

/** What is not a bound of the run. */
const fixedLimits = { strayMs: 2_000, voterSilentMs: 3_000, silentMs: 5_000, agreeingLooks: 2 };

/** The limits under a run's bounds, which a profile may change. */
export function limitsUnder(bounds: Bounds): MonitorLimits {
  const { settleS, churnWindowS, churnMax, lagMaxS, lagMaxFacts } = bounds;
  const [settleMs, churnWindowMs, lagMaxMs] = [settleS * 1_000, churnWindowS * 1_000, lagMaxS * 1_000];
  return { settleMs, churnWindowMs, churnMax, lagMaxMs, lagMaxFacts, ...fixedLimits };
}

export const defaultMonitorLimits = limitsUnder(defaultBounds);

/** From the start of one look to the start of the next. */
export const monitorLookMs = 1_000;
/** Each part of a look answers by then or counts as silent. */
export const monitorAnswerMs = 1_200;

export interface DelayBound {
  /** From the condition to red. */
  redMs: number;
  /** From the end of the condition to green. */
  greenMs: number;
  because: string;
}

/** Two looks that agree: up to one second until the first, and each waits for its slowest part. */
const twoLooksMs = 5_000;

/** How late each monitor may be. Bounds, not aims: the delays that were measured stand beside the verdict. */
export const delayBounds: Record<MonitorName, DelayBound> = {
  "MON-1": {
    redMs: 1_000,
    greenMs: 3_000,
    because: "the observer looks each 5 ms; green when the time of settling is over, seen at the next look",
  },
  "MON-2": {
    redMs: 1_000,
    greenMs: 2_500,
    because: "counted as the observer tells; green when the window of 30 s has let go, seen at the next look",
  },
  "MON-3": { redMs: twoLooksMs, greenMs: 4_000, because: "two calls of 1.2 s unanswered; one answer makes it green" },
  "MON-4": { redMs: 1_000, greenMs: 1_000, because: "the observer reads the listeners each 20 ms" },
  "MON-5": { redMs: 5_000, greenMs: 3_000, because: "2 s in which a demotion ends its controller, and two looks" },
  "MON-6": { redMs: twoLooksMs, greenMs: 4_000, because: "two looks of 1.2 s without an answer" },
  "MON-7": {
    redMs: 7_000,
    greenMs: 5_000,
    because: "a leader that is itself lost must be followed by another, or 3 s without a heartbeat, and two looks",
  },
  "MON-8": { redMs: twoLooksMs, greenMs: 5_000, because: "3 s without a heartbeat or an answer, and a look" },
  "MON-9": { redMs: twoLooksMs, greenMs: 3_000, because: "a write that hangs on a busy disk is tried again first" },
  "MON-10": { redMs: 3_000, greenMs: 3_000, because: "the file is read each look" },
  "MON-11": {
    redMs: 4_000,
    greenMs: 12_000,
    because: "counted from when the lag is excessive, and two looks; then a dial has 3 s, and a backlog is read",
  },
};
