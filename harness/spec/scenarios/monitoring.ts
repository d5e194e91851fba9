// The scenarios of suite "monitoring": the monitors over a zone that is well, and each of their conditions brought
// about once and taken back, one after the other on the same zone, red and green awaited each time. Data only.

import type { FaultSpec } from "../faults.ts";
import { type MonitorName, monitorsOf, type MonitorState } from "../monitor.ts";
import type { NodeName, ServiceNode } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always, awaitAnswer, awaitRejoin, hold, repair } from "./parts.ts";

const suite = "monitoring";
const monitors = monitorsOf({ hasPeer: false });
const entries = [...monitors, ...always];
/** Beyond every bound, so that a late change is measured and not cut off. */
const redDeadlineMs = 15_000;
const greenDeadlineMs = 45_000;
/** Green for this long is what the steady state is judged by. */
const steadyMs = 3_000;

const awaitState = (state: MonitorState, ...monitors: MonitorName[]): Step => ({
  step: "await-monitors",
  monitors,
  state,
  deadlineMs: state === "green" ? greenDeadlineMs : redDeadlineMs,
});
const provoke = (fault: FaultSpec, to?: ServiceNode): Step => ({
  step: "provoke",
  faults: [fault],
  ...(to ? { to } : {}),
});

const allGreen = awaitState("green", ...monitors);
/** A zone that is well is green after a few looks; one that is not will not be. */
const beginning: Step[] = [
  { step: "await-monitors", monitors, state: "green", deadlineMs: redDeadlineMs },
  hold(steadyMs),
];

/** The fault until these monitors are red, and its undoing until they are green. */
function redAndGreen(fault: FaultSpec, ...monitors: MonitorName[]): Step[] {
  return [provoke(fault), awaitState("red", ...monitors), repair(fault.node), awaitState("green", ...monitors)];
}

const gone = (node: NodeName): FaultSpec => ({ fault: "storage", node, way: "gone" });

/**
 * The beginning of every scenario here and nothing else: what the mutants run, which are wrong from the
 * start. It provokes nothing, so no gate runs it.
 */
const steady: ScenarioSpec = {
  name: "monitors-steady",
  suite,
  entries,
  provokes: [],
  monitors: true,
  steps: beginning,
};

/** Alpha's storage goes, beta takes over and is the expected one; beta's goes, and two failovers in 30 s are churn. */
const roles: ScenarioSpec = {
  name: "monitors-roles",
  suite,
  entries,
  provokes: ["MON-1", "MON-2", "MON-3", "MON-4", "MON-5", "MON-9", "MON-10"],
  monitors: true,
  steps: [
    ...beginning,
    ...redAndGreen({ fault: "certificate", node: "beta", way: "short" }, "MON-10"),
    ...redAndGreen({ fault: "stray-controller", node: "beta" }, "MON-4", "MON-5"),
    ...redAndGreen({ fault: "process-freeze", node: "alpha", process: "controller" }, "MON-3"),
    provoke(gone("alpha"), "beta"),
    awaitState("red", "MON-1", "MON-9"),
    awaitAnswer("beta"),
    repair("alpha"),
    awaitState("green", "MON-1", "MON-9"),
    provoke(gone("beta"), "alpha"),
    awaitState("red", "MON-1", "MON-9"),
    repair("beta"),
    awaitState("red", "MON-2"),
    awaitAnswer("alpha"),
    awaitRejoin("beta"),
    allGreen,
  ],
};

/**
 * Gamma's server is stopped; then gamma is lost, and beta with it. Not frozen: a thawed server now and then carries
 * damage that shows at the next loss (docs/decisions/0014-frozen-servers.md), and what is asked here is what the
 * monitors say.
 */
const servers: ScenarioSpec = {
  name: "monitors-servers",
  suite,
  entries,
  provokes: ["MON-6", "MON-7", "MON-8"],
  monitors: true,
  steps: [
    ...beginning,
    provoke({ fault: "service-down", node: "gamma", service: "nats-server" }),
    awaitState("red", "MON-6"),
    repair("gamma"),
    awaitRejoin("gamma"),
    awaitState("green", "MON-6"),
    provoke({ fault: "kill", node: "gamma" }),
    awaitState("gone", "MON-6"),
    awaitState("red", "MON-7"),
    provoke({ fault: "kill", node: "beta" }),
    awaitState("red", "MON-8"),
    repair("gamma", "beta"),
    awaitRejoin("gamma"),
    awaitRejoin("beta"),
    allGreen,
  ],
};

/** What crosses to a peer zone is watched in the scenarios of pairs. */
export const monitoringScenarios: readonly ScenarioSpec[] = [steady, roles, servers];
