// What a zone looked like at one time: the inspections of its nodes and the words of their servers, gathered into rounds.
// Lookups that the steady-state entries share; it judges nothing.

import type { ServerEvent, InspectionEvent } from "#history/event.ts";
import { type At, eventsOf, type HistoryView, markOf } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { loadEndNs, touchNs } from "./history-queries.ts";

/** What one step "inspection" told. */
export interface Round {
  fromNs: number;
  inspections: Map<NodeName, At<InspectionEvent>>;
  servers: Map<NodeName, At<ServerEvent>>;
}

/** Longer than a step takes, whose servers may need 6 s each to answer; shorter than the time between two. */
const roundMaxNs = 10e9;

/** In order. A round ends where a node is told of a second time, or is told of much later. */
export function roundsOf(view: HistoryView): Round[] {
  const events = [...eventsOf(view.history, "inspection"), ...eventsOf(view.history, "server")].sort(
    (a, b) => a.index - b.index,
  );
  const rounds: Round[] = [];
  for (const at of events) {
    const { node, type, t } = at.event;
    let round = rounds.at(-1);
    const isOver =
      !round || t > round.fromNs + roundMaxNs || round[type === "inspection" ? "inspections" : "servers"].has(node);
    if (isOver) rounds.push((round = { fromNs: t, inspections: new Map(), servers: new Map() }));
    if (at.event.type === "inspection") round!.inspections.set(node, at as At<InspectionEvent>);
    else round!.servers.set(node, at as At<ServerEvent>);
  }
  return rounds;
}

/** Rounds that tell of all three nodes and of their servers. */
export function wholeRounds(view: HistoryView): Round[] {
  return roundsOf(view).filter(({ inspections, servers }) =>
    nodeNames.every((one) => inspections.has(one) && servers.has(one)),
  );
}

/** From steady to the first touch of a fault, or to the end of load: nothing was done to the zone. */
export function undisturbed(view: HistoryView): { fromNs: number; toNs: number } {
  const fromNs = markOf(view, "steady")?.event.t ?? view.firstNs;
  return { fromNs, toNs: Math.min(loadEndNs(view), ...view.faults.map(touchNs)) };
}

/** The first whole round of the time in which nothing was done to the zone. */
export function steadyRound(view: HistoryView): Round | undefined {
  const { toNs } = undisturbed(view);
  return wholeRounds(view).find((round) => round.fromNs <= toNs);
}

/** "198.18.0.11:6222" and "[::]:6222" to host and port. */
export function endOf(endpoint: string): { host: string; port: number } {
  const at = endpoint.lastIndexOf(":");
  return { host: endpoint.slice(0, at), port: Number(endpoint.slice(at + 1)) };
}

/** 127.0.0.0/8 and ::1, as the inspection writes them. */
export function isLoopback(endpoint: string): boolean {
  const { host } = endOf(endpoint);
  return host.startsWith("127.") || /^\[(?:0000:){7}0001\]$/.test(host);
}

const mappedHost = /^\[(?:0000:){5}ffff:(?<high>[\da-f]{4}):(?<low>[\da-f]{4})\]$/;

/** IPv4 through a socket of IPv6: "[0000:0000:0000:0000:0000:ffff:c612:020a]:9443" to "198.18.2.10:9443"; others as they are. */
export function unmapped(endpoint: string): string {
  const { host, port } = endOf(endpoint);
  const { high, low } = mappedHost.exec(host)?.groups ?? {};
  if (high === undefined || low === undefined) return endpoint;
  const bytes = [high.slice(0, 2), high.slice(2), low.slice(0, 2), low.slice(2)].map((byte) =>
    Number.parseInt(byte, 16),
  );
  return `${bytes.join(".")}:${port}`;
}

/** Streams that the harness makes itself. */
export function isOurs(stream: string): boolean {
  return stream.startsWith("triad_");
}
