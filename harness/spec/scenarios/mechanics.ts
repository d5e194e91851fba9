// The scenarios of suite "mechanics": who owns the VIP, and what drives promotion. Data only. MECH-1 and MECH-2 are
// also decided in the pause of alpha in the failure table, which captures VRRP.

import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always, awaitAnswer, awaitRejoin, hold, repair } from "./parts.ts";

const suite = "mechanics";

/** Adverts of both service nodes as beta's kernel sees them. */
export const captureOnBeta: Step = { step: "capture", at: [{ host: "beta", segment: "control" }] };

/** As in the failure table: longer than any takeover that nothing denies, of which 16.5 s were seen. */
const deniedHoldMs = 20_000;

const jetstreamDown: ScenarioSpec = {
  name: "mech-jetstream-down",
  suite,
  entries: ["MECH-1", "MECH-2", "MECH-3", ...always],
  provokes: ["MECH-1", "MECH-2", "MECH-3"],
  steps: [
    captureOnBeta,
    // A server that is killed comes back within a second; a frozen one is down until it is thawed.
    { step: "provoke", faults: [{ fault: "process-freeze", node: "beta", process: "nats-server" }] },
    hold(3_000),
    { step: "inspect", nodes: ["beta"] },
    // Paused, its kernel still answers ARP: to a dead peer beta's unicast adverts would soon not reach the wire.
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

export const mechanicsScenarios: readonly ScenarioSpec[] = [jetstreamDown];
