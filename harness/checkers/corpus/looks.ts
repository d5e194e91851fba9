// What surveys, servers and captures would tell of a correct zone: building blocks of the steady stories.

import type { HistoryEvent, HostName } from "#history/event.ts";
import type { ServerEvent, SurveyEvent } from "#history/survey.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { atNs, type HistoryBuilder, vip } from "./builder.ts";

export const zoneAddress: Record<NodeName, string> = {
  alpha: "198.18.0.11",
  beta: "198.18.0.12",
  gamma: "198.18.0.13",
};
export const controlAddress = { alpha: "198.18.1.11", beta: "198.18.1.12" };

const others = (node: NodeName) => nodeNames.filter((name) => name !== node);
const numberOf = (node: NodeName) => nodeNames.indexOf(node);

/** Surveys of `nodes`, of which `active` serves, and the word of their servers. */
export function looked(
  builder: HistoryBuilder,
  s: number,
  of: { nodes?: readonly NodeName[]; active: NodeName },
): void {
  const { nodes = nodeNames, active } = of;
  for (const [place, node] of nodes.entries()) {
    builder.add(surveyOf(s + place * 0.01, node, node === active));
    builder.add(serverOf(s + place * 0.01 + 0.005, node, node === active));
  }
}

function surveyOf(s: number, node: NodeName, isActive: boolean): SurveyEvent {
  const first = 100 + numberOf(node) * 100;
  const process = (offset: number, name: string, ...argv: string[]) => ({
    pid: first + offset,
    parent: offset === 0 ? 1 : first,
    name,
    argv: [name, ...argv],
  });
  const own = zoneAddress[node];
  const listens = (local: string, pid: number) => ({
    protocol: "tcp" as const,
    local,
    remote: "0.0.0.0:0",
    state: "LISTEN",
    pid,
  });
  const linked = (local: string, remote: string, pid: number) => ({ ...listens(local, pid), remote, state: "ESTAB" });
  const isServing = node !== "gamma";
  const server = first + 1;
  const controller = first + 4;
  return {
    t: atNs(s),
    type: "survey",
    node,
    processes: [
      process(0, "s6-svscan", "/run/service"),
      process(1, "nats-server", "-c", "/opt/bsfg/nats.conf"),
      ...(isServing ? [process(2, "keepalived"), process(3, "node", "/opt/bsfg/bin/gate.cjs")] : []),
      ...(isActive ? [process(4, "node", "/opt/bsfg/bin/controller.cjs")] : []),
    ],
    sockets: [
      listens("127.0.0.1:4222", server),
      listens("127.0.0.1:8222", server),
      listens(`${own}:6222`, server),
      ...others(node).map((name) => linked(`${own}:6222`, `${zoneAddress[name]}:4${numberOf(name)}000`, server)),
      ...(isServing ? [{ ...listens("0.0.0.0:112", first + 2), protocol: "raw" as const, state: "UNCONN" }] : []),
      ...(isActive
        ? [listens(`${vip}:9443`, controller), linked("127.0.0.1:40000", "127.0.0.1:4222", controller)]
        : []),
    ],
    addresses: [
      { interface: "lo", address: "127.0.0.1" },
      { interface: "eth0", address: own },
      ...(isServing ? [{ interface: "eth1", address: controlAddress[node] }] : []),
      ...(isActive ? [{ interface: "eth0", address: vip }] : []),
    ],
    mounts: [
      { device: `0:${50 + numberOf(node)}`, root: "/", path: "/", type: "overlay", source: "overlay" },
      { device: "0:4", root: "/", path: "/proc", type: "proc", source: "proc" },
      { device: "254:0", root: `/containers/${node}/hosts`, path: "/etc/hosts", type: "ext4", source: "/dev/vda" },
    ],
    sysctls: { "net.ipv4.ip_nonlocal_bind": "0" },
  };
}

function serverOf(s: number, node: NodeName, isActive: boolean): ServerEvent {
  const voters = nodeNames.map((name) => ({ name, isOnline: true }));
  return {
    t: atNs(s),
    type: "server",
    node,
    isReachable: true,
    isHealthy: true,
    routes: others(node).map((name) => ({ name, address: zoneAddress[name] })),
    configuredRoutes: others(node).map((name) => `${zoneAddress[name]}:6222`),
    clients: isActive ? [{ name: "controller", address: "127.0.0.1:40000" }] : [],
    hasJetStream: true,
    metaLeader: "gamma",
    metaSize: 3,
    ...(node === "gamma" ? { voters } : {}),
    streams: ["facts_operational", "cursors"].map((name) => ({
      name,
      replicas: 3,
      storage: "file",
      messages: 100,
      bytes: 30_000,
      consumers: [],
    })),
  };
}

/** Adverts of alpha once a second, seen by both; every leg looked at from `fromS` on for three seconds. */
export function captured(builder: HistoryBuilder, fromS: number): void {
  const seen = (s: number, seenBy: HostName): HistoryEvent => ({
    t: atNs(s),
    type: "vrrp",
    seenBy,
    segment: "control",
    source: controlAddress.alpha,
    destination: controlAddress.beta,
    priority: 150,
  });
  for (const s of [fromS + 0.5, fromS + 1.5, fromS + 2.5]) builder.add(seen(s, "alpha")).add(seen(s, "beta"));
  const legs = [
    ...nodeNames.map((node) => [node, "zone"] as const),
    ["alpha", "control"] as const,
    ["beta", "control"] as const,
  ];
  for (const [seenBy, segment] of legs) {
    builder.add({ t: atNs(fromS), type: "capture", phase: "began", seenBy, segment });
    builder.add({ t: atNs(fromS + 3), type: "capture", phase: "ended", seenBy, segment, packets: 40 });
  }
}

/** Every host tries the server ports of every other node, and is refused. */
export function attempted(builder: HistoryBuilder, s: number): void {
  for (const from of ["client", ...nodeNames] as const)
    for (const node of nodeNames.filter((name) => name !== from))
      for (const [port, outcome] of [
        ["4222", "refused"],
        ["8222", "refused"],
        ["6222", "connected"],
      ] as const)
        builder.add({ t: atNs(s), type: "attempt", from, target: `${zoneAddress[node]}:${port}`, outcome });
}
