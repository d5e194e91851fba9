// Suite "gates": each gate fails at promotion and while active, in every way that the catalogue names; and what starts
// and stops a controller. Data only. Losses alternate between Alpha and Beta, so that each costs one failover. Denials
// come in pairs, one fault on each node, so that the VIP is free for a node that would wrongly take it. Each scenario
// has two or three draws, which together bring every way to both nodes.

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
function lost(node: ServiceNode, way: Way): Step[] {
  const to = otherServiceNode(node);
  return [{ step: "provoke", faults: way(node), to }, awaitAnswer(to), repair(node), awaitRejoin(node)];
}

type Way = (node: ServiceNode) => FaultSpec[];

/** The ways in order, on Alpha and Beta in turn: the node of one way is the standby during the next. */
function lostInTurn(ways: readonly Way[], first: ServiceNode = "alpha"): Step[] {
  return ways.flatMap((way, place) => lost(place % 2 === 0 ? first : otherServiceNode(first), way));
}

/** The same ways, each so many places later. */
function turned<T>(ways: readonly T[], by: number): T[] {
  return ways.map((_, place) => ways[(place - by + ways.length) % ways.length]!);
}

/**
 * Each draw begins with another way. So each way meets both nodes: in two draws where their number is even, because
 * each node then gets the ways of the other one, and in three where it is odd.
 */
function inDraws(ways: readonly Way[], stepsOf: (ways: readonly Way[], draw: number) => Step[]) {
  const [first, ...draws] = Array.from({ length: ways.length % 2 === 0 ? 2 : 3 }, (_, draw) =>
    stepsOf(turned(ways, draw), draw),
  );
  return { steps: first!, draws };
}

/** A person starts the controller on the standby, where the kernel refuses the VIP's port. */
const byHandOn = (standby: ServiceNode): Step[] => [
  { step: "try-bind", node: standby },
  startByHand(standby),
  inspection,
];

/**
 * The active node loses its address, its storage, its controller. On the standby a person starts the controller: on
 * Beta before the first loss, or on Alpha after it.
 */
const standbyThenStorage: ScenarioSpec = {
  name: "gates-lost-storage",
  suite,
  entries: ["GATE-1", "GATE-4", "DUAL-3", "DUAL-4", "DUAL-5", ...always],
  provokes: ["GATE-1", "GATE-4", "DUAL-2", "DUAL-4", "DUAL-5"],
  ...inDraws(
    [
      (node) => [{ fault: "vip-removed", node }],
      (node) => [storage(node, "gone")],
      (node) => [storage(node, "read-only")],
      (node) => [storage(node, "full")],
      (node) => [storage(node, "eio")],
      (node) => [{ fault: "process-kill", node, process: "controller" }],
    ],
    ([first, ...others], draw) =>
      draw === 0
        ? [...byHandOn("beta"), ...lostInTurn([first!, ...others])]
        : [...lost("alpha", first!), ...byHandOn("alpha"), ...lostInTurn(others, "beta")],
  ),
};

/** VRRP goes to FAULT without a link. With the gate program frozen, only the notify script can act on it. */
const linkLost: Way = (node) => [
  { fault: "process-freeze", node, process: "gate" },
  { fault: "link-down", node, segments: ["zone"] },
];

const lostServer: ScenarioSpec = {
  name: "gates-lost-server",
  suite,
  entries: ["GATE-2", "GATE-3", "DUAL-1", ...always],
  provokes: ["GATE-2", "GATE-3", "DUAL-1"],
  ...inDraws(
    [
      (node) => [stopped(node)],
      (node) => [frozen(node)],
      (node) => [cutFromPeers(node)],
      (node) => [{ fault: "outranked", node }],
      linkLost,
    ],
    (ways) => [...lostInTurn(ways), inspection],
  ),
};

const lostCertificate: ScenarioSpec = {
  name: "gates-lost-certificate",
  suite,
  entries: ["GATE-5", ...always],
  provokes: ["GATE-5"],
  ...inDraws(
    (["short", "expired", "not-yet-valid", "wrong-key"] as const).map((way) => (node) => [certificate(node, way)]),
    (ways) => [...lostInTurn(ways), inspection],
  ),
};

/** One fault on each node at once. `byHand`: that node gets the VIP, and a person starts the controller there. */
interface Pair {
  beta?: FaultSpec;
  alpha?: FaultSpec;
  byHand?: ServiceNode;
}

/** Alpha is active at first, so Beta's fault comes first: the standby must not be fit when the active node fails. */
function deniedPair({ beta, alpha, byHand }: Pair, place: number): Step[] {
  const isFirst = place === 0;
  const faults = [beta, alpha].filter((one) => one !== undefined);
  const begin = isFirst && beta && alpha ? [provoke(beta), hold(noticedMs), provoke(alpha)] : [provoke(...faults)];
  const tried: Step[] = byHand
    ? [
        // A node that was active gives up the VIP first, and its controller soon after.
        { step: "await-vip", node: byHand, isOwned: false, deadlineMs },
        hold(noticedMs),
        provoke({ fault: "vip-added", node: byHand }),
        startByHand(byHand),
      ]
    : [];
  const leftMs = deniedMs - (byHand ? noticedMs + watchMs : 0);
  return [...begin, ...tried, hold(isFirst ? leftMs + firstMoreMs : leftMs)];
}

/** One pair after the other. A node's last fault stands while the other one is repaired. */
function deniedInTurn(pairs: readonly Pair[], lastRepaired: ServiceNode): Step[] {
  return pairs.flatMap((pair, place) => {
    const next = pairs[place + 1];
    const isFree = (node: ServiceNode) => node === lastRepaired || next?.[node] !== undefined;
    return [...deniedPair(pair, place), repair(...(["beta", "alpha"] as const).filter(isFree))];
  });
}

/** In the second draw the nodes have changed places in each pair. */
function deniedByFiles(byHand: ServiceNode): Step[] {
  const [one, other] = [byHand, otherServiceNode(byHand)];
  const pairs = [
    { [one]: storage(one, "gone"), [other]: certificate(other, "short"), byHand },
    { [one]: certificate(one, "expired"), [other]: storage(other, "read-only"), byHand },
    { [one]: storage(one, "full"), [other]: certificate(other, "not-yet-valid") },
    { [one]: certificate(one, "wrong-key"), [other]: storage(other, "eio") },
  ];
  // Beta was not active before, so its denials show something only if it is promoted in the end.
  return [...deniedInTurn(pairs, "beta"), awaitAnswer("beta"), repair("alpha"), awaitRejoin("alpha"), inspection];
}

/** No node is fit, for one reason after the other; at the end Beta is. */
const deniedFiles: ScenarioSpec = {
  name: "gates-denied-files",
  suite,
  entries: ["GATE-4", "GATE-5", "DUAL-3", "TIME-1", ...always],
  provokes: ["GATE-4", "GATE-5", "DUAL-3"],
  steps: deniedByFiles("beta"),
  draws: [deniedByFiles("alpha")],
};

/** The same with the server and its routes, on one node. At the end that node lacks only its port. */
function deniedByServer(node: ServiceNode): Step[] {
  const other = otherServiceNode(node);
  const pairs = [
    { [node]: frozen(node), [other]: storage(other, "gone"), byHand: node },
    { [node]: stopped(node) },
    { [node]: cutFromPeers(node), byHand: node },
  ];
  return [
    ...deniedInTurn(pairs, node),
    // The node's own server was cut off until now, so this takes an unknown time.
    provoke({ fault: "port-taken", node }),
    { step: "await-vip", node, isOwned: true, deadlineMs },
    { step: "await-vip", node, isOwned: false, deadlineMs: 20_000 },
    // The gate program writes its file twice a second.
    hold(1_500),
    { step: "read-gates", node },
    inspection,
    startByHand(node),
    repair(node),
    awaitAnswer(node),
    repair(other),
    awaitRejoin(other),
    inspection,
  ];
}

const deniedServer: ScenarioSpec = {
  name: "gates-denied-server",
  suite,
  entries: ["GATE-2", "GATE-3", "GATE-6", "DUAL-3", "TIME-1", ...always],
  provokes: ["GATE-2", "GATE-3", "GATE-6", "DUAL-3"],
  steps: deniedByServer("beta"),
  draws: [deniedByServer("alpha")],
};

/** Each way on both nodes takes two draws: the third one meets both nodes in each. */
function warnedSteps([first, second, third]: readonly [CertificateWay, CertificateWay, CertificateWay]): Step[] {
  return [
    provoke(certificate("alpha", "short"), certificate("beta", "short")),
    hold(6_000),
    { step: "read-gates", node: "alpha" },
    { step: "read-gates", node: "beta" },
    repair("alpha"),
    { step: "provoke", faults: [certificate("alpha", first)], to: "beta" },
    awaitAnswer("beta"),
    repair("beta"),
    provoke(certificate("beta", second)),
    hold(deniedMs + firstMoreMs),
    repair("alpha"),
    provoke(certificate("alpha", third)),
    hold(deniedMs),
    repair("beta"),
    awaitAnswer("beta"),
    repair("alpha"),
    awaitRejoin("alpha"),
    ...lost("beta", (node) => [certificate(node, third)]),
    inspection,
  ];
}

/** Under "warn" a certificate that expires soon only causes a warning. Other bad certificates deny, as under "deny". */
const warned: ScenarioSpec = {
  name: "gates-warn",
  suite,
  entries: ["GATE-5", ...always],
  provokes: ["GATE-5"],
  zone: { certificate: { minDays: 30, policy: "warn" } },
  steps: warnedSteps(["expired", "not-yet-valid", "wrong-key"]),
  draws: [warnedSteps(["not-yet-valid", "expired", "wrong-key"])],
};

const rebootOf = (...nodes: NodeName[]): FaultSpec[] => nodes.map((node) => ({ fault: "reboot", node }));

const artifactLists: Step = { step: "files", nodes: ["alpha", "beta"] };

/**
 * "reboot each node alone and all together". Beta is rebooted as the standby, or as the active node. Each node has the
 * VIP once, and an artifact of its own.
 */
function rebootedSteps(isBetaActive: boolean): Step[] {
  const asStandby = [provoke(...rebootOf("beta")), awaitRejoin("beta"), watchStandby("beta")];
  const asActive = [
    { step: "provoke" as const, faults: rebootOf("beta"), to: "alpha" as const },
    awaitAnswer("alpha"),
    awaitRejoin("beta"),
    watchStandby("beta"),
  ];
  return [
    provoke(...rebootOf("gamma")),
    awaitRejoin("gamma"),
    ...(isBetaActive ? [] : asStandby),
    { step: "put-artifact", name: "on-alpha" },
    { step: "provoke", faults: rebootOf("alpha"), to: "beta" },
    awaitAnswer("beta"),
    { step: "get-artifact", name: "on-alpha" },
    { step: "put-artifact", name: "on-beta" },
    { step: "get-artifact", name: "on-beta" },
    awaitRejoin("alpha"),
    watchStandby("alpha"),
    artifactLists,
    // Each node has put one. The healthy zone that is searched too has one of Alpha's.
    { step: "search", name: "on-beta" },
    ...(isBetaActive ? asActive : []),
    provoke(...rebootOf(...nodeNames)),
    awaitAnswer("alpha"),
    { step: "get-artifact", name: "on-beta" },
    { step: "get-artifact", name: "on-alpha" },
    awaitRejoin("beta"),
    artifactLists,
    inspection,
  ];
}

const rebooted: ScenarioSpec = {
  name: "gates-reboot",
  suite,
  entries: ["GATE-7", "STO-1", "STO-2", ...always],
  provokes: ["GATE-7", "STO-1", "STO-2"],
  steps: rebootedSteps(false),
  draws: [rebootedSteps(true)],
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
