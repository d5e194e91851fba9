// One service node is alone: the other one and Gamma are gone, and with them the quorum. First Alpha, which is active,
// and then Beta, the standby. Each time Gamma comes back first, and the node that was alone must serve. Data only.

import type { NodeName, ServiceNode } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always, awaitAnswer, awaitRejoin, hold, inspection, rejoinDeadlineMs, repair } from "./parts.ts";

/** Longer than the active node may need to give up its role: 5 s. */
const activeAloneMs = 6_000;
/** Longer than a takeover that nothing denies, so that the quorum alone can deny it. Usually 11 s, 14 s were seen. */
const standbyAloneMs = 15_000;
/** Time in which a wrong change of roles would show. */
const settleMs = 1_500;

const kill = (...nodes: NodeName[]): Step => ({
  step: "provoke",
  faults: nodes.map((node) => ({ fault: "kill", node })),
});
const probe = (node: ServiceNode): Step => ({ step: "probe-quorum", node });
const look = (node: ServiceNode): Step => ({ step: "inspect", nodes: [node] });

const quorumLost: ScenarioSpec = {
  name: "fail-9-quorum-lost",
  suite: "failure",
  entries: ["FAIL-9", "FAIL-10", ...always],
  provokes: ["FAIL-9", "FAIL-10"],
  steps: [
    // The same probes on a healthy zone: they must be able to succeed.
    probe("alpha"),
    probe("beta"),
    kill("beta", "gamma"),
    hold(activeAloneMs),
    look("alpha"),
    probe("alpha"),
    repair("gamma"),
    { step: "await-answer", node: "alpha", deadlineMs: rejoinDeadlineMs },
    repair("beta"),
    awaitRejoin("beta"),
    inspection,
    kill("alpha", "gamma"),
    hold(standbyAloneMs),
    look("beta"),
    probe("beta"),
    repair("gamma"),
    awaitAnswer("beta"),
    repair("alpha"),
    awaitRejoin("alpha"),
    hold(settleMs),
    inspection,
  ],
};

export const quorumLossScenarios: readonly ScenarioSpec[] = [quorumLost];
