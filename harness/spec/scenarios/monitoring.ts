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

/**
 * A failover to Beta and one back: two in 30 s are churn. The draws differ in the nodes: of the short certificate (the
 * standby, or the active node), of the second controller, and of the lost storage.
 */
function roleSteps(draw: 0 | 1): Step[] {
  const isOfStandby = draw === 0;
  const short = (node: ServiceNode): FaultSpec => ({ fault: "certificate", node, way: "short" });
  const [first, monitor] = isOfStandby ? [gone("alpha"), "MON-9" as const] : [short("alpha"), "MON-10" as const];
  return [
    ...beginning,
    ...(isOfStandby ? redAndGreen(short("beta"), "MON-10") : []),
    ...redAndGreen({ fault: "stray-controller", node: isOfStandby ? "beta" : "gamma" }, "MON-4", "MON-5"),
    ...redAndGreen({ fault: "process-freeze", node: "alpha", process: "controller" }, "MON-3"),
    provoke(first, "beta"),
    awaitState("red", "MON-1", monitor),
    awaitAnswer("beta"),
    repair("alpha"),
    awaitState("green", "MON-1", monitor),
    provoke(gone("beta"), "alpha"),
    awaitState("red", "MON-1", "MON-9"),
    repair("beta"),
    awaitState("red", "MON-2"),
    awaitAnswer("alpha"),
    awaitRejoin("beta"),
    allGreen,
  ];
}

const roles: ScenarioSpec = {
  name: "monitors-roles",
  suite,
  entries,
  provokes: ["MON-1", "MON-2", "MON-3", "MON-4", "MON-5", "MON-9", "MON-10"],
  monitors: true,
  steps: roleSteps(0),
  draws: [roleSteps(1)],
};

const serverDown = (node: NodeName): FaultSpec => ({ fault: "service-down", node, service: "nats-server" });
const lostNode = (node: NodeName): FaultSpec => ({ fault: "kill", node });

/** The server of a node that is not active is stopped; then that node is lost, and then the other such node too. */
function serverSteps(node: NodeName, other: NodeName): Step[] {
  return [
    ...beginning,
    provoke(serverDown(node)),
    awaitState("red", "MON-6"),
    repair(node),
    awaitRejoin(node),
    awaitState("green", "MON-6"),
    provoke(lostNode(node)),
    awaitState("gone", "MON-6"),
    awaitState("red", "MON-7"),
    provoke(lostNode(other)),
    awaitState("red", "MON-8"),
    repair("gamma", "beta"),
    awaitRejoin("gamma"),
    awaitRejoin("beta"),
    allGreen,
  ];
}

/** The same on Alpha. Beta takes over: so it is Beta's controller that freezes, and Alpha that is lost with Gamma. */
const activeServerSteps: Step[] = [
  ...beginning,
  provoke(serverDown("alpha"), "beta"),
  awaitState("red", "MON-1", "MON-6"),
  awaitAnswer("beta"),
  repair("alpha"),
  awaitRejoin("alpha"),
  awaitState("green", "MON-1", "MON-6"),
  ...redAndGreen({ fault: "process-freeze", node: "beta", process: "controller" }, "MON-3"),
  provoke(lostNode("gamma")),
  awaitState("gone", "MON-6"),
  awaitState("red", "MON-7"),
  provoke(lostNode("alpha")),
  awaitState("red", "MON-8"),
  // With Gamma alone Beta has a quorum again, and stays the active node.
  repair("gamma"),
  awaitAnswer("beta"),
  repair("alpha"),
  awaitRejoin("alpha"),
  awaitRejoin("gamma"),
  allGreen,
];

/**
 * The server is not frozen: a thawed server may have damage that shows at the next loss
 * (docs/decisions/0014-frozen-servers.md). This scenario is about the monitors only.
 */
const servers: ScenarioSpec = {
  name: "monitors-servers",
  suite,
  entries,
  provokes: ["MON-6", "MON-7", "MON-8"],
  monitors: true,
  steps: serverSteps("gamma", "beta"),
  draws: [serverSteps("beta", "gamma"), activeServerSteps],
};

/** The monitor of the exchange is tested in pairs.ts. */
export const monitoringScenarios: readonly ScenarioSpec[] = [steady, roles, servers];
