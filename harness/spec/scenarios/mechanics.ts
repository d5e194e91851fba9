// Suite "mechanics": which node owns the VIP, and what drives promotion. Data only. The failure table's pause of Alpha
// also captures VRRP and decides MECH-1 and MECH-2.

import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always, awaitAnswer, awaitRejoin, hold, inspectedAtTheEnd, inspection, repair } from "./parts.ts";

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

/**
 * A firewall drops VRRP alone: the control segment still carries the heartbeat. The standby must leave the VIP to the
 * active node, and must take it over once that node is dead (docs/decisions/0030-vrrp-blocked.md).
 */
const vrrpBlocked: ScenarioSpec = {
  name: "mech-vrrp-blocked",
  suite,
  entries: [...always],
  provokes: ["NET-5"],
  steps: [
    {
      step: "provoke",
      faults: [{ fault: "packet-filter", node: "beta", protocol: 112, segments: ["control"], direction: "both" }],
    },
    // Three times as long as VRRP waits before it takes over, and one cycle of the standby's listening.
    hold(15_000),
    inspection,
    { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" },
    awaitAnswer("beta"),
    repair("beta", "alpha"),
    awaitRejoin("alpha"),
  ],
};

export const mechanicsScenarios: readonly ScenarioSpec[] = [jetstreamDown, vrrpBlocked].map(inspectedAtTheEnd);
