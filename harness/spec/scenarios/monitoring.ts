// Suite "monitoring": the monitors on a healthy zone; and each monitor's condition caused and removed, one after the
// other on one zone, with red and green awaited each time. Data only.

import type { FaultSpec } from "../faults.ts";
import { type MonitorName, monitorsOf, type MonitorState } from "../monitor.ts";
import type { NodeName, ServiceNode } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always, awaitAnswer, awaitRejoin, hold, repair } from "./parts.ts";

const suite = "monitoring";
const monitors = monitorsOf({ hasPeer: false });
const entries = [...monitors, ...always];
/** Longer than every bound, so that a late change is measured and not cut off. */
const redDeadlineMs = 15_000;
const greenDeadlineMs = 45_000;
/** In the steady state the monitors must be green for this long. */
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
/** The monitors of a healthy zone are green after a few samples. */
const beginning: Step[] = [
  { step: "await-monitors", monitors, state: "green", deadlineMs: redDeadlineMs },
  hold(steadyMs),
];

/** The fault until these monitors are red, then its repair until they are green. */
function redAndGreen(fault: FaultSpec, ...monitors: MonitorName[]): Step[] {
  return [provoke(fault), awaitState("red", ...monitors), repair(fault.node), awaitState("green", ...monitors)];
}

const gone = (node: NodeName): FaultSpec => ({ fault: "storage", node, way: "gone" });

/** Only the beginning of the other scenarios. For mutants, which are wrong from the start; the gate does not run it. */
const steady: ScenarioSpec = {
  name: "monitors-steady",
  suite,
  entries,
  provokes: [],
  monitors: true,
  steps: beginning,
};

/** Alpha loses its storage and Beta takes over. Then Beta loses its storage: two failovers in 30 s are churn. */
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
 * Gamma's server is stopped; then Gamma is lost, and Beta too. The server is not frozen: a thawed server may have
 * damage that shows at the next loss (docs/decisions/0014-frozen-servers.md). This scenario is about the monitors only.
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

/** The monitor of the exchange is tested in pairs.ts. */
export const monitoringScenarios: readonly ScenarioSpec[] = [steady, roles, servers];
