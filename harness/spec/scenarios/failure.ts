// The scenarios of suite "failure": each row of the failure table with each way of failing that its `provoke` names,
// and the cuts under which a zone is most tempted to be active twice. Data only.

import type { CutSpec, FaultSpec, StorageWay } from "../faults.ts";
import { type NodeName, type ServiceNode, otherServiceNode } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { captureOnBeta } from "./mechanics.ts";
import { always, awaitAnswer, awaitRejoin, hold, rejoinDeadlineMs, repair } from "./parts.ts";

const suite = "failure";
/** Longer than the lease's 10.5 s and every timer of the reference zone: what must not happen would have happened. */
const holdMs = 12_000;
/** After a failover: time for a second, wrong change of roles to show. */
const settleMs = 1_500;

/** After a return to the zone: longer than VRRP takes to preempt, 4 missed adverts and the skew. */
const returnMs = 6_000;

const everywhere = { segments: ["zone", "control"] as CutSpec["segments"], direction: "both" as const };

interface Way {
  way: string;
  fault: (node: NodeName) => FaultSpec;
}

/** "kill, power off, pause, stop, kernel-level link loss". */
const ways: readonly Way[] = [
  { way: "kill", fault: (node) => ({ fault: "kill", node }) },
  { way: "power", fault: (node) => ({ fault: "power", node }) },
  { way: "pause", fault: (node) => ({ fault: "pause", node }) },
  { way: "stop", fault: (node) => ({ fault: "stop", node }) },
  { way: "link", fault: (node) => ({ fault: "link-down", node, segments: ["zone", "control"] }) },
];

/** With a node lost for good, what was acknowledged must be readable from the others before any repair. */
const readBack = (faults: FaultSpec[]): Step[] =>
  faults.some((one) => one.fault === "kill") ? [{ step: "read-back" }] : [];

/** The VIP leaves alpha: beta answers, alpha is repaired and rejoins as standby. */
function failover(faults: FaultSpec[]): Step[] {
  return [
    { step: "provoke", faults, to: "beta" },
    awaitAnswer("beta"),
    ...readBack(faults),
    hold(settleMs),
    repair("alpha"),
    awaitRejoin("alpha"),
    hold(returnMs),
  ];
}

/** Nothing may move: the fault stands for a while, then is repaired. */
function noChange(node: NodeName, faults: FaultSpec[], rejoins: NodeName = node): Step[] {
  return [
    { step: "provoke", faults },
    hold(holdMs),
    ...readBack(faults),
    repair(node),
    awaitRejoin(rejoins),
    hold(settleMs),
  ];
}

/** A kill reads the facts back before anybody lays a hand on the zone. */
const untouched = (way: string): string[] => (way === "kill" ? ["INV-3"] : []);

/**
 * Beta's adverts are unicast: they reach the wire while alpha's kernel still answers ARP, which of these ways only a
 * pause leaves it to do. With alpha gone they stop as soon as its neighbour entry is stale, and decide nothing.
 */
const mechanicsIn = (way: string): string[] => (way === "pause" ? ["MECH-1", "MECH-2"] : []);
const endCapture: Step = { step: "end-capture" };

const alphaFails: ScenarioSpec[] = ways.map(({ way, fault }) => ({
  name: `fail-1-${way}`,
  suite,
  entries: ["FAIL-1", "TIME-1", ...mechanicsIn(way), ...untouched(way), ...always],
  provokes: way === "kill" ? ["FAIL-1", "TIME-1", ...always] : way === "pause" ? ["FAIL-1", "DUAL-0"] : ["FAIL-1"],
  steps: way === "pause" ? [captureOnBeta, ...failover([fault("alpha")]), endCapture] : failover([fault("alpha")]),
}));

const betaFails: ScenarioSpec[] = ways.map(({ way, fault }) => ({
  name: `fail-2-${way}`,
  suite,
  entries: ["FAIL-2", ...untouched(way), ...always],
  provokes: way === "kill" ? ["FAIL-2", "DUR-6"] : ["FAIL-2"],
  steps: noChange("beta", [fault("beta")]),
}));

/**
 * Its supervisor starts it again: a standby that is one again must be able to take over, as after any other failure of
 * beta.
 */
const keepalivedFails: ScenarioSpec = {
  name: "fail-2-keepalived",
  suite,
  entries: ["FAIL-2", ...always],
  provokes: ["FAIL-2"],
  steps: noChange("beta", [{ fault: "process-kill", node: "beta", process: "keepalived" }]),
};

const gammaFails: ScenarioSpec[] = ways.map(({ way, fault }) => ({
  name: `fail-3-${way}`,
  suite,
  entries: ["FAIL-3", ...untouched(way), ...always],
  provokes: way === "kill" ? ["FAIL-3", "DUR-6"] : ["FAIL-3"],
  steps: noChange("gamma", [fault("gamma")]),
}));

/** Both service-bearing nodes are down; one alone comes back and must restore the zone, then the other rejoins. */
function bothFail(order: string, down: Step[], first: ServiceNode): ScenarioSpec {
  const second = otherServiceNode(first);
  return {
    name: `fail-4-${order}-then-${first}`,
    suite,
    entries: ["FAIL-4", ...always],
    provokes: ["FAIL-4"],
    steps: [
      // The same question while all is well: the probe must be able to say yes.
      { step: "probe-quorum", node: "gamma" },
      ...down,
      hold(1_000),
      { step: "probe-quorum", node: "gamma" },
      hold(2_000),
      repair(first),
      { step: "await-answer", node: first, deadlineMs: rejoinDeadlineMs },
      hold(settleMs),
      repair(second),
      awaitRejoin(second),
      hold(settleMs),
    ],
  };
}

const killNode = (node: NodeName): FaultSpec => ({ fault: "kill", node });
const downInOrder = (first: ServiceNode): Step[] => [
  { step: "provoke", faults: [killNode(first)] },
  hold(1_000),
  { step: "provoke", faults: [killNode(otherServiceNode(first))] },
];
const atOnce: Step[] = [{ step: "provoke", faults: [killNode("alpha"), killNode("beta")] }];

/** Each order and at once; and each of the two brought back alone. */
const alphaAndBetaFail: ScenarioSpec[] = [
  bothFail("alpha-beta", downInOrder("alpha"), "beta"),
  bothFail("beta-alpha", downInOrder("beta"), "alpha"),
  bothFail("at-once", atOnce, "alpha"),
  bothFail("at-once", atOnce, "beta"),
];

const isolated = (node: NodeName): FaultSpec => ({
  fault: "cut",
  node,
  peers: ["alpha", "beta", "gamma"].filter((one) => one !== node) as NodeName[],
  ...everywhere,
});

const alphaIsolated: ScenarioSpec = {
  name: "fail-5-isolated",
  suite,
  entries: ["FAIL-5", "TIME-1", ...always],
  provokes: ["FAIL-5", "TIME-1", "DUAL-0"],
  clientsInside: ["alpha", "beta"],
  // The client host stays in reach of both sides: what an isolated alpha still answers must be seen.
  steps: failover([isolated("alpha")]),
};

const gammaIsolated: ScenarioSpec = {
  name: "fail-6-isolated",
  suite,
  entries: ["FAIL-6", ...always],
  provokes: ["FAIL-6"],
  steps: noChange("gamma", [isolated("gamma")]),
};

/**
 * Longer than a takeover takes when nothing denies it: 11 s as a rule, 16.5 s were seen when the lease's stream had
 * lost its leader as well.
 */
const deniedHoldMs = 20_000;

/** Beta cannot be promoted while something of its own is bad; once that is repaired it must be. */
function denied(name: string, entry: string, bad: FaultSpec): ScenarioSpec {
  return {
    name,
    suite,
    entries: [entry, ...always],
    provokes: [entry],
    steps: [
      { step: "provoke", faults: [bad] },
      hold(3_000),
      { step: "read-gates", node: "beta" },
      { step: "provoke", faults: [killNode("alpha")], to: "beta" },
      hold(deniedHoldMs),
      repair("beta"),
      awaitAnswer("beta"),
      hold(settleMs),
      repair("alpha"),
      awaitRejoin("alpha"),
      hold(settleMs),
    ],
  };
}

/** Two that look alike to a check for existence only, and unlike to one that writes. */
const storageWays: readonly StorageWay[] = ["gone", "eio"];
const storageUnavailable = storageWays.map((way) =>
  denied(`fail-7-${way}`, "FAIL-7", { fault: "storage", node: "beta", way }),
);

const shortCertificate: FaultSpec = { fault: "certificate", node: "beta", way: "short" };
const certificateDenied = denied("fail-8-short-deny", "FAIL-8", shortCertificate);
const certificateWarned: ScenarioSpec = {
  name: "fail-8-short-warn",
  suite,
  entries: ["FAIL-8", "TIME-1", ...always],
  provokes: ["FAIL-8"],
  zone: { certificate: { minDays: 30, policy: "warn" } },
  steps: [
    { step: "provoke", faults: [shortCertificate] },
    hold(3_000),
    { step: "read-gates", node: "beta" },
    { step: "provoke", faults: [killNode("alpha")], to: "beta" },
    awaitAnswer("beta"),
    hold(settleMs),
    repair("alpha", "beta"),
    awaitRejoin("alpha"),
    hold(settleMs),
  ],
};

/** A cut of alpha under which roles must stay as they are. */
function cutWithoutChange(name: string, cut: Omit<CutSpec, "fault" | "node">): ScenarioSpec {
  return {
    name,
    suite,
    entries: always,
    provokes: ["DUAL-0"],
    steps: noChange("alpha", [{ fault: "cut", node: "alpha", ...cut }], "beta"),
  };
}

/** A cut of alpha that takes its quorum away: the VIP must move. */
function cutWithFailover(name: string, cut: Omit<CutSpec, "fault" | "node">): ScenarioSpec {
  return {
    name,
    suite,
    entries: ["TIME-1", ...always],
    provokes: ["DUAL-0"],
    clientsInside: ["alpha", "beta"],
    steps: failover([{ fault: "cut", node: "alpha", ...cut }]),
  };
}

const partialCuts: ScenarioSpec[] = [
  cutWithoutChange("dual-control-cut", { segments: ["control"], direction: "both" }),
  cutWithFailover("dual-zone-cut", { peers: ["beta", "gamma"], segments: ["zone"], direction: "both" }),
  cutWithFailover("dual-one-way-in", { peers: ["beta", "gamma"], ...everywhere, direction: "in" }),
  cutWithFailover("dual-one-way-out", { peers: ["beta", "gamma"], ...everywhere, direction: "out" }),
];

/** Longest first, so that a pool of zones ends evenly. */
export const failureScenarios: readonly ScenarioSpec[] = [
  ...alphaAndBetaFail,
  ...storageUnavailable,
  certificateDenied,
  certificateWarned,
  alphaIsolated,
  ...partialCuts,
  ...alphaFails,
  ...betaFails,
  keepalivedFails,
  ...gammaFails,
  gammaIsolated,
];
