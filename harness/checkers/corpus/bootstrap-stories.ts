// Scenarios of the suites bootstrap and mechanics as a correct zone would live them. Cases bend them.

import type { ServerEvent } from "#history/survey.ts";
import { type NodeName, nodeNames, type ServiceNode } from "#spec/node.ts";
import { atNs, HistoryBuilder } from "./builder.ts";
import { ending, opening } from "./stories.ts";

const always = ["DUAL-0", "DUR-6"];
const control: Record<ServiceNode, string> = { alpha: "198.18.1.11", beta: "198.18.1.12" };

function builderFor(scenario: string, entries: string[]): HistoryBuilder {
  const builder = new HistoryBuilder(scenario, [...entries, ...always]);
  for (const node of ["alpha", "beta"] as const) builder.header.zone.nodes[node].controlAddress = control[node];
  return builder;
}

/** What each server tells when it is asked at second `s`; gamma leads the meta group. */
export function servers(builder: HistoryBuilder, s: number, change: Partial<ServerEvent> = {}): HistoryBuilder {
  for (const node of nodeNames) {
    const configuredRoutes = nodeNames
      .filter((other) => other !== node)
      .map((other) => `${builder.header.zone.nodes[other].zoneAddress}:6222`);
    const voters = nodeNames.map((name) => ({ name, isOnline: true }));
    const seen = { isReachable: true, metaLeader: "gamma", metaSize: 3, configuredRoutes };
    builder.add({ t: atNs(s), type: "server", node, ...seen, ...(node === "gamma" ? { voters } : {}), ...change });
  }
  return builder;
}

/** The processes of both service nodes, without a controller. */
function surveys(builder: HistoryBuilder, s: number): void {
  const processes = [
    { pid: 10, parent: 1, name: "s6-supervise", argv: ["s6-supervise", "rpc"] },
    { pid: 20, parent: 10, name: "nats-server", argv: ["nats-server", "-c", "/opt/bsfg/nats.conf"] },
  ];
  for (const node of ["alpha", "beta"] as const)
    builder.add({ t: atNs(s), type: "survey", node, processes, sockets: [], addresses: [], mounts: [], sysctls: {} });
}

/** One advert a second, as beta's namespace shows it. */
export function adverts(
  builder: HistoryBuilder,
  node: ServiceNode,
  [fromS, toS]: readonly [number, number],
): HistoryBuilder {
  const [source, destination] = node === "alpha" ? [control.alpha, control.beta] : [control.beta, control.alpha];
  const priority = node === "alpha" ? 150 : 30;
  for (let s = fromS; s < toS; s += 1)
    builder.add({ t: atNs(s), type: "vrrp", seenBy: "beta", segment: "control", source, destination, priority });
  return builder;
}

function capture(builder: HistoryBuilder, fromS: number, toS: number): void {
  const seen = { type: "capture", seenBy: "beta", segment: "control" } as const;
  builder.add({ t: atNs(fromS), ...seen, phase: "began" }).add({ t: atNs(toS), ...seen, phase: "ended", packets: 90 });
}

/** The nodes start in this order, 3 s apart or at once; alpha gets the VIP 5 s after the last one. */
export function coldStart(entry: string, order: NodeName[], gapS = 3): HistoryBuilder {
  const builder = builderFor(`boot-${order.join("-")}`, [entry]);
  order.forEach((node, place) => {
    const s = 1 + place * gapS;
    builder.add({ t: atNs(s), type: "node", node, phase: "starting" });
    builder.add({ t: atNs(s + 0.45), type: "node", node, phase: "started", pid: 1000 + place });
    builder.observe(s + 0.5, node, { startedNs: atNs(s + 0.2), sinceNs: atNs(s + 0.49) });
    if (node !== "gamma") builder.observe(s + 1, node, { role: "BACKUP" });
  });
  const lastS = 1 + (order.length - 1) * gapS;
  const endS = lastS + 12;
  builder.mark(lastS + 0.6, "zone-created").promote(lastS + 5, "alpha");
  builder
    .mark(lastS + 8, "zone-ready")
    .mark(lastS + 9, "load-started")
    .mark(lastS + 10, "steady");
  servers(builder, lastS + 10.5);
  builder.load({ fromS: lastS + 1, toS: endS }, [{ fromS: lastS + 7.4, toS: 99, node: "alpha" }]);
  return ending(builder, endS);
}

/** As above, but nobody ever serves, and the scenario ends 80 s after the last start. */
export function neverSteady(): HistoryBuilder {
  const whole = coldStart("BOOT-2", ["beta", "gamma", "alpha"]);
  const builder = builderFor(whole.header.scenario, ["BOOT-2"]);
  for (const event of whole.events)
    if (event.t < atNs(8.5) && event.type !== "looks" && event.type !== "invoke" && event.type !== "info")
      builder.add(event);
  builder.load({ fromS: 9, toS: 87 }, []);
  builder.mark(87, "steady", { isTimedOut: true, saw: "waited 60000 ms for the first answer: saw no answer" });
  return builder.mark(88, "load-stopped").looks(1, 88);
}

/** BOOT-1: a fourth server knocks from second 12 to 19; the servers are asked at 11 and 17. */
export function knocked(): HistoryBuilder {
  const builder = builderFor("boot-fourth-server", ["BOOT-1"]);
  opening(builder);
  servers(builder, 11).mark(11.9, "provoked", { expectsFailover: false });
  builder.fault({ fault: "fourth-server", nodes: ["gamma"], effectS: 12, healS: 19 });
  servers(builder, 17).load({ fromS: 6, toS: 22 }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  return ending(builder, 22);
}

/** BOOT-4: keepalived is off on both nodes from 14 to 33; alpha stops at 17 and is promoted again at 37.5. */
export function keepalivedOff(): HistoryBuilder {
  const builder = builderFor("boot-keepalived-off", ["BOOT-4", "MECH-1", "MECH-2"]);
  opening(builder);
  capture(builder, 10.5, 44);
  adverts(builder, "alpha", [11, 14]).mark(13.9, "provoked", { expectsFailover: false });
  for (const node of ["alpha", "beta"] as const)
    builder.fault({ fault: "process-freeze", nodes: [node], effectS: 14, healS: 33, process: "keepalived" });
  builder.demote(17, "alpha", "MASTER").promote(37.5, "alpha");
  surveys(builder, 32);
  servers(builder, 32);
  adverts(builder, "alpha", [37.45, 44]);
  builder.load({ fromS: 6, toS: 45 }, [
    { fromS: 0, toS: 16.9, node: "alpha" },
    { fromS: 39.9, toS: 99, node: "alpha" },
  ]);
  return ending(builder, 45);
}

/** MECH-3: beta's server is down from 11 to 40, alpha is killed at 14 and back at 60; beta is promoted at 46. */
export function jetstreamDown(): HistoryBuilder {
  const builder = builderFor("mech-jetstream-down", ["MECH-1", "MECH-2", "MECH-3"]);
  opening(builder);
  capture(builder, 10.5, 67);
  adverts(builder, "alpha", [10.6, 14]).mark(10.9, "provoked", { expectsFailover: false });
  builder.fault({ fault: "process-freeze", nodes: ["beta"], effectS: 11, healS: 40, process: "nats-server" });
  builder.add({ t: atNs(13), type: "server", node: "beta", isReachable: false, error: "no answer in 3000 ms" });
  builder.mark(13.9, "provoked", { expectsFailover: true, from: "alpha", to: "beta" });
  builder.fault({ fault: "kill", nodes: ["alpha"], effectS: 14, healS: 60 });
  builder.vanish(14, "alpha").promote(46, "beta").rejoin(60, "alpha");
  adverts(builder, "beta", [45.95, 67]);
  builder.mark(40.1, "repaired", { node: "beta" }).mark(60.1, "repaired", { node: "alpha" });
  builder.load({ fromS: 6, toS: 68 }, [
    { fromS: 0, toS: 13.99, node: "alpha" },
    { fromS: 48.4, toS: 99, node: "beta" },
  ]);
  return ending(builder, 68);
}
