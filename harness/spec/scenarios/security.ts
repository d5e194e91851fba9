// Suite "security": which protocols and clients the endpoint accepts, and where VRRP is visible and trusted. One zone
// is inspected and gets forged adverts; another renews certificates that expire soon. Data only.

import type { FaultSpec } from "../faults.ts";
import { controlInterfaces, type ServiceNode, serviceNodes, zoneInterfaces } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always, answerDeadlineMs, awaitAnswer, awaitRejoin, hold, inspectedAtTheEnd, repair } from "./parts.ts";

const suite = "security";

/** Longer than a standby waits for adverts (4.9 s): a master that stepped back would be replaced by then. */
const forgedMs = 6_000;
/** After the last forged advert: time in which a wrong role would show. */
const settleMs = 2_000;
/** Time for three adverts. */
const advertsMs = 3_000;

const decidedByHandshakes = [..."SEC-1 SEC-2 SEC-3 SEC-4 SEC-8 SEC-9 SEC-10 SEC-11 SEC-12".split(" "), "NET-1"];

const forged = (fault: FaultSpec & { node: ServiceNode }): Step[] => [
  { step: "provoke", faults: [fault] },
  hold(forgedMs),
  repair(fault.node),
  hold(settleMs),
];

/** The last adverts carry the other node's own address. They may move the service, so that one may be active then. */
const forgedAgainst = (node: ServiceNode): Step[] => [
  { step: "handshakes", rows: "all" },
  // The nodes' own adverts show their roles. Those that are forged in the name of a node would hide them.
  { step: "capture", at: [...controlInterfaces] },
  ...forged({ fault: "forge-vrrp", node, priority: 255 }),
  ...forged({ fault: "forge-control", node, as: "foreign", priority: 255 }),
  { step: "end-capture" },
  ...forged({ fault: "forge-control", node, as: "peer", priority: 255 }),
  { step: "await-answer", deadlineMs: answerDeadlineMs },
  hold(settleMs),
];

/** The draws differ in the active node: it is asked, and adverts are forged against it. */
const handshakes: ScenarioSpec = {
  name: "security-handshakes",
  suite,
  entries: [...decidedByHandshakes, ...always],
  provokes: decidedByHandshakes,
  steps: forgedAgainst("alpha"),
  draws: [
    [
      { step: "provoke", faults: [{ fault: "reboot", node: "alpha" }], to: "beta" },
      awaitAnswer("beta"),
      repair("alpha"),
      awaitRejoin("alpha"),
      ...forgedAgainst("beta"),
    ],
  ],
};

const readGates: Step[] = serviceNodes.map((node) => ({ step: "read-gates", node }));

const renewed = (node: ServiceNode, to?: ServiceNode): Step[] => [
  { step: "renew-certificate", node },
  { step: "provoke", faults: [{ fault: "reboot", node }], ...(to ? { to } : {}) },
];

const returned = (node: ServiceNode): Step[] => [repair(node), awaitRejoin(node)];

/** The active node shows its certificate to clients. */
const shown: Step = { step: "handshakes", rows: "certificates" };

const endCapture: Step = { step: "end-capture" };

/** A capture on a node ends with the node. So each failover gets captures of its own. */
const captured = (...steps: Step[]): Step[] => [{ step: "capture", at: [...controlInterfaces] }, ...steps, endCapture];

/** On every interface that VRRP could leak to. */
const capturedEverywhere = (...steps: Step[]): Step[] => [
  { step: "capture", at: [...controlInterfaces, ...zoneInterfaces, { host: "client", segment: "zone" }] },
  hold(advertsMs),
  ...steps,
  endCapture,
];

/** After the rotation the other node serves too: each one shows clients its new certificate. */
const theOther = (node: ServiceNode, to: ServiceNode): Step[] =>
  captured({ step: "provoke", faults: [{ fault: "reboot", node }], to }, awaitAnswer(to), ...returned(node));

/** The standby first: one failover. */
const standbyFirst: Step[] = [
  ...readGates,
  shown,
  ...renewed("beta"),
  ...returned("beta"),
  ...capturedEverywhere(...renewed("alpha", "beta"), awaitAnswer("beta"), ...returned("alpha")),
  // The other scenario tries every row on Alpha.
  { step: "handshakes", rows: "all" },
  ...theOther("beta", "alpha"),
  shown,
  ...readGates,
];

/** The active node first: two failovers. Beta serves with its short certificate in between. */
const activeFirst: Step[] = [
  ...readGates,
  shown,
  ...capturedEverywhere(...renewed("alpha", "beta"), awaitAnswer("beta"), ...returned("alpha")),
  shown,
  ...captured(...renewed("beta", "alpha"), awaitAnswer("alpha"), ...returned("beta")),
  shown,
  ...theOther("alpha", "beta"),
  { step: "handshakes", rows: "all" },
  ...readGates,
];

/**
 * The zone starts with certificates that expire in 29 days, under the policy "warn". Each node gets a new one and is
 * restarted once. The draws differ in which node is first.
 */
const rotation: ScenarioSpec = {
  name: "security-rotation",
  suite,
  entries: [
    "SEC-5",
    "SEC-6",
    "SEC-7",
    "SEC-1",
    "SEC-2",
    "SEC-3",
    "SEC-4",
    "SEC-11",
    "SEC-12",
    "NET-1",
    "MECH-1",
    "MECH-2",
    ...always,
  ],
  provokes: ["SEC-5", "SEC-6", "SEC-7", "SEC-11", "SEC-12"],
  zone: { certificate: { minDays: 30, policy: "warn" }, certificateLeftDays: 29 },
  steps: standbyFirst,
  draws: [activeFirst],
};

export const securityScenarios: readonly ScenarioSpec[] = [rotation, handshakes].map(inspectedAtTheEnd);
