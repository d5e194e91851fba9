// The scenarios of suite "gates": each gate missing at promotion and lost while active, for every way of missing that
// is named, and what starts and stops a controller. Data only. Losses alternate between alpha and beta, so that each
// costs one failover; denials come in pairs, one way on either node, so that either node can take the VIP.

import type { CertificateWay, FaultSpec, StorageWay } from "../faults.ts";
import { type NodeName, nodeNames, otherServiceNode, type ServiceNode } from "../node.ts";
import type { ScenarioSpec } from "../scenario.ts";
import type { Step } from "../steps.ts";
import { always as everyRun, awaitAnswer, awaitRejoin as rejoinOf, hold, repair, inspection } from "./parts.ts";

const suite = "gates";
/** Beyond the 30 s bound of a failover. */
const deadlineMs = 40_000;
const always = ["DUAL-2", ...everyRun];

/**
 * Longer than a takeover needs when neither the VIP nor the lease has an owner: VRRP's 4 adverts and skew, 4.9 s, the
 * gate program's looks and a controller's start, 0.5 s alone and up to 2.5 s on a busy machine.
 */
const deniedMs = 8_000;
/** More for the first denial: the last holder's lease is waited out, 10.5 s, were it not released. */
const firstMoreMs = 7_000;
/** By then every look of the gate program has found what is missing, a frozen server too. */
const noticedMs = 3_000;
/** How long a controller started by hand is watched: a supervisor that restarts waits a second. */
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

const awaitRejoin = (node: NodeName): Step => rejoinOf(node, deadlineMs);
const provoke = (...faults: FaultSpec[]): Step => ({ step: "provoke", faults });
const startByHand = (node: ServiceNode): Step => ({ step: "start-by-hand", node, ms: watchMs });

/** The active node loses something: it is demoted, the other takes over, it is repaired and rejoins as standby. */
function lost(fault: FaultSpec & { node: ServiceNode }): Step[] {
  const to = otherServiceNode(fault.node);
  return [{ step: "provoke", faults: [fault], to }, awaitAnswer(to), repair(fault.node), awaitRejoin(fault.node)];
}

/** The ways in their order, on alpha and beta in turn: who lost the last is the standby of the next. */
function lostInTurn(ways: readonly ((node: ServiceNode) => FaultSpec)[]): Step[] {
  return ways.flatMap((way, place) => {
    const node = place % 2 === 0 ? "alpha" : "beta";
    return lost({ ...way(node), node });
  });
}

/** The standby is left alone but for somebody who starts the controller there; then the address and the storage go. */
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
    // FAULT for want of a link; with the gate program frozen only the notify script is left to act on it.
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

/**
 * A way of denial on each node at once; `byHand` ones see a controller started by hand on beta, the VIP being there.
 */
interface Pair {
  beta: FaultSpec;
  /** Absent: what alpha lacks already stands. */
  alpha?: FaultSpec;
  byHand?: boolean;
}

function deniedPair({ beta, alpha, byHand }: Pair, place: number): Step[] {
  const isFirst = place === 0;
  const faults = alpha ? [beta, alpha] : [beta];
  // The first on beta alone: alpha is active, and must find no standby that is fit.
  const begin = isFirst && alpha ? [provoke(beta), hold(noticedMs), provoke(alpha)] : [provoke(...faults)];
  const tried: Step[] = byHand
    ? [hold(noticedMs), provoke({ fault: "vip-added", node: "beta" }), startByHand("beta")]
    : [];
  const leftMs = deniedMs - (byHand ? noticedMs + watchMs : 0);
  return [...begin, ...tried, hold(isFirst ? leftMs + firstMoreMs : leftMs)];
}

/** Each pair after the one before; alpha's last way stands until beta is fit again. */
function deniedInTurn(pairs: readonly Pair[]): Step[] {
  return pairs.flatMap((pair, place) => [
    ...deniedPair(pair, place),
    pairs[place + 1]?.alpha ? repair("beta", "alpha") : repair("beta"),
  ]);
}

/** Nobody is fit, one way after the other; then beta alone is. */
const deniedFiles: ScenarioSpec = {
  name: "gates-denied-files",
  suite,
  entries: ["GATE-4", "GATE-5", "DUAL-3", ...always],
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

/** As before with the server and its routes; at last beta is fit but for its port. */
const deniedServer: ScenarioSpec = {
  name: "gates-denied-server",
  suite,
  entries: ["GATE-2", "GATE-3", "GATE-6", "DUAL-3", ...always],
  provokes: ["GATE-2", "GATE-3", "GATE-6", "DUAL-3"],
  steps: [
    ...deniedInTurn([
      { beta: frozen("beta"), alpha: storage("alpha", "gone"), byHand: true },
      { beta: stopped("beta") },
      { beta: cutFromPeers("beta"), byHand: true },
    ]),
    // Its own server was cut off until now: how long it takes to be given the VIP is for the zone to show.
    provoke({ fault: "port-taken", node: "beta" }),
    { step: "await-vip", node: "beta", isOwned: true, deadlineMs },
    { step: "await-vip", node: "beta", isOwned: false, deadlineMs: 20_000 },
    // The gate program writes its health down twice a second.
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

/** Under "warn" a short certificate is only told of; any other bad one is treated as under "deny". */
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
    { step: "provoke", faults: [{ fault: "reboot", node: "alpha" }], to: "beta" },
    awaitAnswer("beta"),
    awaitRejoin("alpha"),
    provoke(...nodeNames.map((node): FaultSpec => ({ fault: "reboot", node }))),
    awaitAnswer("alpha"),
    awaitRejoin("beta"),
    inspection,
  ],
};

/** Longest first, so that a pool of zones ends evenly. */
export const gatesScenarios: readonly ScenarioSpec[] = [
  lostServer,
  standbyThenStorage,
  warned,
  deniedServer,
  deniedFiles,
  rebooted,
  lostCertificate,
];
