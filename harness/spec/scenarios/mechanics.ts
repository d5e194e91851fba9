// Suite "mechanics": which node owns the VIP, and what drives promotion. Data only. The failure table's pause of Alpha
// also captures VRRP and decides MECH-1 and MECH-2.

import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always, awaitAnswer, awaitRejoin, hold, inspectedAtTheEnd, repair } from "./parts.ts";

const suite = "mechanics";

/** Adverts of both service nodes, as Beta's kernel sees them. */
export const captureOnBeta: Step = { step: "capture", at: [{ host: "beta", segment: "control" }] };

/** As in failure.ts: longer than any takeover that nothing denies; 16.5 s were seen. */
const deniedHoldMs = 20_000;

const jetstreamDown: ScenarioSpec = {
  name: "mech-jetstream-down",
  suite,
  entries: ["MECH-1", "MECH-2", "MECH-3", ...always],
  provokes: ["MECH-1", "MECH-2", "MECH-3"],
  steps: [
    captureOnBeta,
    // A killed server is started again within a second. A frozen one stays down until it is thawed.
    { step: "provoke", faults: [{ fault: "process-freeze", node: "beta", process: "nats-server" }] },
    hold(3_000),
    { step: "inspect", nodes: ["beta"] },
    // A paused node's kernel answers ARP. To a dead peer, Beta's unicast adverts would soon no longer be sent.
    { step: "provoke", faults: [{ fault: "pause", node: "alpha" }], to: "beta" },
    hold(deniedHoldMs),
    repair("beta"),
    awaitAnswer("beta"),
    hold(1_500),
    repair("alpha"),
    awaitRejoin("alpha"),
    { step: "end-capture" },
  ],
};

export const mechanicsScenarios: readonly ScenarioSpec[] = [inspectedAtTheEnd(jetstreamDown)];
