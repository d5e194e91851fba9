// Suite "gates": each gate fails at promotion and while active, in every way that the catalogue names; and what starts
// and stops a controller. Data only. Losses alternate between Alpha and Beta, so that each costs one failover. Denials
// come in pairs, one fault on each node, so that the VIP is free for a node that would wrongly take it.

import type { CertificateWay, FaultSpec, StorageWay } from "../faults.ts";
import { type NodeName, nodeNames, otherServiceNode, type ServiceNode } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always as everyRun, awaitAnswer, awaitRejoin as rejoinOf, hold, repair, inspection } from "./parts.ts";

const suite = "gates";
/** Longer than the 30 s bound of a failover. */
const deadlineMs = 40_000;
const always = ["DUAL-2", ...everyRun];

/**
 * Longer than a takeover takes when VIP and lease are free. VRRP needs 4.9 s: 4 adverts and the skew. Then the gate
 * program and the start of a controller need 0.5 s on an idle machine, and up to 2.5 s on a busy one.
 */
const deniedMs = 8_000;
/** Added for the first denial: a lease that was not released expires after 10.5 s. */
const firstMoreMs = 7_000;
/** By then the gate program has noticed every fault, a frozen server too. */
const noticedMs = 3_000;
/** How long it is watched whether a controller runs. A supervisor starts one again after a second. */
const watchMs = 2_500;

const storage = (node: ServiceNode, way: StorageWay): FaultSpec => ({ fault: "storage", node, way });
const certificate = (node: ServiceNode, way: CertificateWay): FaultSpec => ({ fault: "certificate", node, way });
const frozen = (node: ServiceNode): FaultSpec => ({ fault: "process-freeze", node, process: "nats-server" });
const stopped = (node: ServiceNode): FaultSpec => ({ fault: "service-down", node, service: "nats-server" });
const cutFromPeers = (node: ServiceNode): FaultSpec => ({
  fault: "cut",
  node,
  peers: nodeNames.filter((one) => one !== node),
  segments: ["zone"],
  direction: "both",
});

const watchStandby = (node: ServiceNode): Step => ({ step: "watch-controllers", nodes: [node], ms: watchMs });
const awaitRejoin = (node: NodeName): Step => rejoinOf(node, deadlineMs);
const provoke = (...faults: FaultSpec[]): Step => ({ step: "provoke", faults });
const startByHand = (node: ServiceNode): Step => ({ step: "start-by-hand", node, ms: watchMs });

/** The active node gets a fault: it is demoted, the other takes over, and it rejoins as standby after the repair. */
function lost(fault: FaultSpec & { node: ServiceNode }): Step[] {
  const to = otherServiceNode(fault.node);
  return [{ step: "provoke", faults: [fault], to }, awaitAnswer(to), repair(fault.node), awaitRejoin(fault.node)];
}

/** The faults in order, on Alpha and Beta in turn: the node of one fault is the standby during the next. */
function lostInTurn(ways: readonly ((node: ServiceNode) => FaultSpec)[]): Step[] {
  return ways.flatMap((way, place) => {
    const node = place % 2 === 0 ? "alpha" : "beta";
    return lost({ ...way(node), node });
  });
}

/**
 * On the standby a person starts the controller. Then the active node loses its address, its storage, its controller.
 */
const standbyThenStorage: ScenarioSpec = {
  name: "gates-lost-storage",
  suite,
  entries: ["GATE-1", "GATE-4", "DUAL-3", "DUAL-4", "DUAL-5", ...always],
  provokes: ["GATE-1", "GATE-4", "DUAL-2", "DUAL-4", "DUAL-5"],
  steps: [
    { step: "try-bind", node: "beta" },
    startByHand("beta"),
    inspection,
    ...lostInTurn([
      (node) => ({ fault: "vip-removed", node }),
      (node) => storage(node, "gone"),
      (node) => storage(node, "read-only"),
      (node) => storage(node, "full"),
      (node) => storage(node, "eio"),
      (node) => ({ fault: "process-kill", node, process: "controller" }),
    ]),
  ],
};

const lostServer: ScenarioSpec = {
  name: "gates-lost-server",
  suite,
  entries: ["GATE-2", "GATE-3", "DUAL-1", ...always],
  provokes: ["GATE-2", "GATE-3", "DUAL-1"],
  steps: [
    ...lostInTurn([stopped, frozen, cutFromPeers, (node) => ({ fault: "outranked", node })]),
    // VRRP goes to FAULT without a link. With the gate program frozen, only the notify script can act on it.
    {
      step: "provoke",
      faults: [
        { fault: "process-freeze", node: "alpha", process: "gate" },
        { fault: "link-down", node: "alpha", segments: ["zone"] },
      ],
      to: "beta",
    },
    awaitAnswer("beta"),
    repair("alpha"),
    awaitRejoin("alpha"),
    inspection,
  ],
};

const lostCertificate: ScenarioSpec = {
  name: "gates-lost-certificate",
  suite,
  entries: ["GATE-5", ...always],
  provokes: ["GATE-5"],
  steps: [
    ...lostInTurn(
      (["short", "expired", "not-yet-valid", "wrong-key"] as const).map(
        (way) => (node: ServiceNode) => certificate(node, way),
      ),
    ),
    inspection,
  ],
};

/** One fault on each node at once. `byHand`: Beta gets the VIP, and a person starts the controller there. */
interface Pair {
  beta: FaultSpec;
  /** Absent: Alpha's previous fault still stands. */
  alpha?: FaultSpec;
  byHand?: boolean;
}

function deniedPair({ beta, alpha, byHand }: Pair, place: number): Step[] {
  const isFirst = place === 0;
  const faults = alpha ? [beta, alpha] : [beta];
  // Beta's comes first: Alpha is active, and its standby must not be fit when it fails.
  const begin = isFirst && alpha ? [provoke(beta), hold(noticedMs), provoke(alpha)] : [provoke(...faults)];
  const tried: Step[] = byHand
    ? [hold(noticedMs), provoke({ fault: "vip-added", node: "beta" }), startByHand("beta")]
    : [];
  const leftMs = deniedMs - (byHand ? noticedMs + watchMs : 0);
  return [...begin, ...tried, hold(isFirst ? leftMs + firstMoreMs : leftMs)];
}

/** One pair after the other. Alpha's last fault stands until Beta is fit again. */
function deniedInTurn(pairs: readonly Pair[]): Step[] {
  return pairs.flatMap((pair, place) => [
    ...deniedPair(pair, place),
    pairs[place + 1]?.alpha ? repair("beta", "alpha") : repair("beta"),
  ]);
}

/** No node is fit, for one reason after the other; at the end Beta is. */
const deniedFiles: ScenarioSpec = {
  name: "gates-denied-files",
  suite,
  entries: ["GATE-4", "GATE-5", "DUAL-3", "TIME-1", ...always],
  provokes: ["GATE-4", "GATE-5", "DUAL-3"],
  steps: [
    ...deniedInTurn([
      { beta: storage("beta", "gone"), alpha: certificate("alpha", "short"), byHand: true },
      { beta: certificate("beta", "expired"), alpha: storage("alpha", "read-only"), byHand: true },
      { beta: storage("beta", "full"), alpha: certificate("alpha", "not-yet-valid") },
      { beta: certificate("beta", "wrong-key"), alpha: storage("alpha", "eio") },
    ]),
    awaitAnswer("beta"),
    repair("alpha"),
    awaitRejoin("alpha"),
    inspection,
  ],
};

/** The same with the server and its routes. At the end Beta lacks only its port. */
const deniedServer: ScenarioSpec = {
  name: "gates-denied-server",
  suite,
  entries: ["GATE-2", "GATE-3", "GATE-6", "DUAL-3", "TIME-1", ...always],
  provokes: ["GATE-2", "GATE-3", "GATE-6", "DUAL-3"],
  steps: [
    ...deniedInTurn([
      { beta: frozen("beta"), alpha: storage("alpha", "gone"), byHand: true },
      { beta: stopped("beta") },
      { beta: cutFromPeers("beta"), byHand: true },
    ]),
    // Beta's own server was cut off until now, so this takes an unknown time.
    provoke({ fault: "port-taken", node: "beta" }),
    { step: "await-vip", node: "beta", isOwned: true, deadlineMs },
    { step: "await-vip", node: "beta", isOwned: false, deadlineMs: 20_000 },
    // The gate program writes its file twice a second.
    hold(1_500),
    { step: "read-gates", node: "beta" },
    inspection,
    startByHand("beta"),
    repair("beta"),
    awaitAnswer("beta"),
    repair("alpha"),
    awaitRejoin("alpha"),
    inspection,
  ],
};

/** Under "warn" a certificate that expires soon only causes a warning. Other bad certificates deny, as under "deny". */
const warned: ScenarioSpec = {
  name: "gates-warn",
  suite,
  entries: ["GATE-5", ...always],
  provokes: ["GATE-5"],
  zone: { certificate: { minDays: 30, policy: "warn" } },
  steps: [
    provoke(certificate("alpha", "short"), certificate("beta", "short")),
    hold(6_000),
    { step: "read-gates", node: "alpha" },
    { step: "read-gates", node: "beta" },
    repair("alpha"),
    { step: "provoke", faults: [certificate("alpha", "expired")], to: "beta" },
    awaitAnswer("beta"),
    repair("beta"),
    provoke(certificate("beta", "not-yet-valid")),
    hold(deniedMs + firstMoreMs),
    repair("alpha"),
    provoke(certificate("alpha", "wrong-key")),
    hold(deniedMs),
    repair("beta"),
    awaitAnswer("beta"),
    repair("alpha"),
    awaitRejoin("alpha"),
    ...lost({ fault: "certificate", way: "wrong-key", node: "beta" }),
    inspection,
  ],
};

/** "reboot each node alone and all together". */
const rebooted: ScenarioSpec = {
  name: "gates-reboot",
  suite,
  entries: ["GATE-7", ...always],
  provokes: ["GATE-7"],
  steps: [
    provoke({ fault: "reboot", node: "gamma" }),
    awaitRejoin("gamma"),
    provoke({ fault: "reboot", node: "beta" }),
    awaitRejoin("beta"),
    watchStandby("beta"),
    { step: "provoke", faults: [{ fault: "reboot", node: "alpha" }], to: "beta" },
    awaitAnswer("beta"),
    awaitRejoin("alpha"),
    watchStandby("alpha"),
    provoke(...nodeNames.map((node): FaultSpec => ({ fault: "reboot", node }))),
    awaitAnswer("alpha"),
    awaitRejoin("beta"),
    inspection,
  ],
};

/** Longest first. */
export const gatesScenarios: readonly ScenarioSpec[] = [
  lostServer,
  standbyThenStorage,
  warned,
  deniedServer,
  deniedFiles,
  rebooted,
  lostCertificate,
];
