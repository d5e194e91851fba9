// What the servers of the three nodes answered, for the rules about voters and quorum. Pure.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { ServerSample } from "#protocol/commands/monitor.ts";
import { goneWhy, type ZoneState } from "./zone-state.ts";

export interface ServerAnswer {
  name: NodeName;
  server: ServerSample;
}

export type Voter = NonNullable<ServerSample["voters"]>[number];

/** Answers of servers on nodes that run. */
export function serverAnswers(zone: ZoneState): ServerAnswer[] {
  return nodeNames.flatMap((name) => {
    const server = zone.sample?.servers[name];
    return server && server.error === undefined && goneWhy(zone, name) === undefined ? [{ name, server }] : [];
  });
}

/** A node of which there is no data yet: its server may have answered, and cannot be counted. Not for long. */
export function unseenNode(zone: ZoneState): NodeName | undefined {
  return nodeNames.find((name) => zone.nodes[name] === undefined);
}

/** Whether the leader has heard this voter recently. */
export function isHeard(zone: ZoneState, voter: Voter): boolean {
  return voter.isOnline && voter.silentMs < zone.limits.voterSilentMs;
}
