// All that a monitor table has been told and not forgotten; the judgements read it. Types, and a few lookups.

import type { ObservedEvent } from "#history/event.ts";
import type { MonitorLimits, MonitorState } from "#spec/monitor.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { MonitorSample } from "#protocol/commands/monitor.ts";

export interface Facts {
  /** Instant that is judged, CLOCK_MONOTONIC ns. */
  t: number;
  vip: string;
  rpcPort: number;
  /** Threshold of a certificate's remaining days. */
  minDays: number;
  limits: MonitorLimits;
  /** Last look of the observer at each node. */
  nodes: Partial<Record<NodeName, ObservedEvent>>;
  /** Last sign of the observer. */
  observedNs: number;
  look: MonitorSample | undefined;
  /** The last time somebody could tell how far the peer zone is. */
  exchange: { t: number; lagMs: number; facts?: number } | undefined;
  /** The node that is expected to be active; undefined until one is known. */
  expected: NodeName | undefined;
  /** Stamps of role transitions, oldest first: by the VIP's coming and going, and by keepalived's own word. */
  transitions: { kernel: number[]; word: number[] };
  /** Since when a node runs a controller and does not own the VIP. */
  straySinceNs: Partial<Record<NodeName, number>>;
}

export interface Judgement {
  state: MonitorState;
  why: string;
}

export const green = (why: string): Judgement => ({ state: "green", why });
export const red = (why: string): Judgement => ({ state: "red", why });
export const gone = (why: string): Judgement => ({ state: "gone", why });

/** The worst of several: red, then gone, then green. Words of all that share it. */
export function worst(judgements: readonly Judgement[]): Judgement {
  for (const state of ["red", "gone"] as const) {
    const such = judgements.filter((one) => one.state === state);
    if (such.length > 0) return { state, why: such.map((one) => one.why).join("; ") };
  }
  return judgements[0] ?? gone("nothing to judge");
}

/** Runs as far as the kernel shows: there, and not frozen. */
export function isRunning(facts: Facts, node: NodeName): boolean {
  const seen = facts.nodes[node];
  return seen !== undefined && seen.isAlive && !seen.isFrozen;
}

/** Why nobody can look at a node; undefined when somebody can. */
export function goneWhy(facts: Facts, node: NodeName): string | undefined {
  const seen = facts.nodes[node];
  if (!seen) return `${node} has not been seen`;
  if (!seen.isAlive) return `${node} is down`;
  return seen.isFrozen ? `${node} is frozen` : undefined;
}

/** Nodes that have the VIP, frozen ones too. */
export function holders(facts: Facts): NodeName[] {
  return nodeNames.filter((name) => facts.nodes[name]?.isAlive && facts.nodes[name].ownsVip);
}

/** Holds the VIP alone, listens on it and can act. */
export function servingNode(facts: Facts): NodeName | undefined {
  const [one, ...others] = holders(facts);
  if (one === undefined || others.length > 0 || !isRunning(facts, one)) return undefined;
  return facts.nodes[one]!.listens.includes(`${facts.vip}:${facts.rpcPort}`) ? one : undefined;
}
