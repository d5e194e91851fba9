// The scenarios of suite "security": what the endpoint speaks and with whom, and where VRRP can be seen and believed.
// Two zones in all: one that is looked at and lied to, one whose certificates run out and are renewed. Data only.

import { controlInterfaces, zoneInterfaces } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import { always, awaitAnswer, awaitRejoin, hold, repair } from "./parts.ts";

const suite = "security";

/** Longer than a standby waits for adverts (4.9 s): a master that stepped back would have been replaced. */
const forgedMs = 6_000;
/** After the last forged advert: time for a wrong role to show. */
const settleMs = 2_000;
/** Three adverts. */
const advertsMs = 3_000;

const handshakes: ScenarioSpec = {
  name: "security-handshakes",
  suite,
  entries: ["SEC-1", "SEC-2", "SEC-3", "SEC-4", "SEC-8", "NET-1", ...always],
  provokes: ["SEC-1", "SEC-2", "SEC-3", "SEC-4", "SEC-8", "NET-1"],
  steps: [
    { step: "handshakes", rows: "all" },
    { step: "provoke", faults: [{ fault: "forge-vrrp", node: "alpha", priority: 255 }] },
    hold(forgedMs),
    repair("alpha"),
    hold(settleMs),
  ],
};

/**
 * The zone starts with certificates of 29 days under the policy "warn". Each node gets a new one and is restarted once,
 * the standby first: one failover in all, watched on every leg from before it until the first alpha is back.
 */
const rotation: ScenarioSpec = {
  name: "security-rotation",
  suite,
  entries: ["SEC-5", "SEC-6", "SEC-7", ...always],
  provokes: ["SEC-5", "SEC-6", "SEC-7"],
  zone: { certificate: { minDays: 30, policy: "warn" }, certificateLeftDays: 29 },
  steps: [
    { step: "read-gates", node: "alpha" },
    { step: "read-gates", node: "beta" },
    { step: "handshakes", rows: "certificates" },
    { step: "renew-certificate", node: "beta" },
    { step: "provoke", faults: [{ fault: "reboot", node: "beta" }] },
    repair("beta"),
    awaitRejoin("beta"),
    { step: "capture", at: [...controlInterfaces, ...zoneInterfaces, { host: "client", segment: "zone" }] },
    hold(advertsMs),
    { step: "renew-certificate", node: "alpha" },
    { step: "provoke", faults: [{ fault: "reboot", node: "alpha" }], to: "beta" },
    awaitAnswer("beta"),
    repair("alpha"),
    awaitRejoin("alpha"),
    { step: "end-capture" },
    { step: "handshakes", rows: "certificates" },
    { step: "read-gates", node: "alpha" },
    { step: "read-gates", node: "beta" },
  ],
};

export const securityScenarios: readonly ScenarioSpec[] = [rotation, handshakes];
