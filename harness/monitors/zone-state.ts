// What the monitor table knows of a zone, and what rules ask of it. Pure.

import type { ObservedEvent } from "#history/event.ts";
import type { MonitorLimits } from "#spec/monitor.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { MonitorSample } from "#protocol/commands/monitor.ts";

export interface ZoneState {
  /** Instant of the judgement, CLOCK_MONOTONIC ns. */
  t: number;
  vip: string;
  rpcPort: number;
  /** Least remaining days of a certificate. */
  minDays: number;
  limits: MonitorLimits;
  /** Last event of the observer for each node. */
  nodes: Partial<Record<NodeName, ObservedEvent>>;
  /** Last event of the observer for any node. */
  observedNs: number;
  /** Last sample of the agent. */
  sample: MonitorSample | undefined;
  /** Last known lag of the peer zone. */
  exchange: { t: number; lagMs: number; facts?: number } | undefined;
  /** The node that is expected to be active; undefined until one is known. */
  expected: NodeName | undefined;
  /** Role transitions, oldest first: changes of the VIP in the kernel, and states that keepalived reported. */
  transitions: { kernel: number[]; reported: number[] };
  /** Since when a node runs a controller without the VIP. */
  straySinceNs: Partial<Record<NodeName, number>>;
}

/** Whether a node runs and is not frozen, according to the kernel. */
export function isRunning(zone: ZoneState, node: NodeName): boolean {
  return goneWhy(zone, node) === undefined;
}

/** Why there is no evidence about a node; undefined when there is some. */
export function goneWhy(zone: ZoneState, node: NodeName): string | undefined {
  const seen = zone.nodes[node];
  if (!seen) return `no data about ${node} yet`;
  if (!seen.isAlive) return `${node} is down`;
  return seen.isFrozen ? `${node} is frozen` : undefined;
}

/** Nodes that have the VIP, including frozen ones. */
export function holders(zone: ZoneState): NodeName[] {
  return nodeNames.filter((name) => zone.nodes[name]?.isAlive && zone.nodes[name].ownsVip);
}

/** The node that alone holds the VIP, runs, and listens on it. */
export function servingNode(zone: ZoneState): NodeName | undefined {
  const [one, ...others] = holders(zone);
  if (one === undefined || others.length > 0 || !isRunning(zone, one)) return undefined;
  return zone.nodes[one]!.listens.includes(`${zone.vip}:${zone.rpcPort}`) ? one : undefined;
}

/** Whether a node has a controller, or a listener on the RPC port, but not the VIP. */
export function isStray(zone: ZoneState, name: NodeName): boolean {
  const seen = zone.nodes[name];
  if (!seen?.isAlive || seen.ownsVip) return false;
  return (zone.sample?.controllers[name] ?? 0) > 0 || seen.listens.length > 0;
}
