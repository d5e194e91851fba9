// A change of a recorded history: what a zone that is wrong in one way would have left. A change is a pure function of
// the history. It names the entries that must find it.

import type { HistoryEvent } from "#history/event.ts";
import type { Scene } from "./scene.ts";

/** What a change is about; the page docs/mutated-histories.md has one table row for each. */
export const kinds = {
  service: "calls are refused, or answered by too few",
  reads: "pages and cursors",
  facts: "facts lost, doubled, altered or moved",
  ownership: "who owns the VIP, listens and answers",
  standby: "a returned node that is no standby",
  inspections: "processes, sockets, mounts and kernel settings",
  servers: "what the three servers say of streams, voters and disks",
  handshakes: "who is let in, and with which TLS",
  adverts: "VRRP packets",
  timing: "failovers, demotions and starts that take too long or are too short",
  monitors: "monitors that are red late, never, or without a reason",
  stores: "artifacts, snapshots and rebuilt stores",
  premises: "what must be true so that a history says anything",
} as const;

export type Kind = keyof typeof kinds;

/** One use of a change: at this place of the history, and the events that are left. */
export interface Variant {
  /** Where: node, time, row. Unique for one change in one history. */
  at: string;
  events: () => readonly HistoryEvent[];
  /** Instead of the entries of the change, e.g. those of one node. */
  turns?: readonly string[];
}

export interface Change {
  name: string;
  kind: Kind;
  /** What is wrong with the zone, or with the run. */
  says: string;
  /** Entries that must find it, wherever the scenario decides them. `all`: every entry of the scenario. */
  turns: readonly string[] | "all";
  /** Entries that must be judged in every scenario in which the change is possible. */
  everywhere?: readonly string[];
  /** Empty where the change makes no sense. */
  variants: (scene: Scene) => readonly Variant[];
}

/** A digest that no content of a recording has: no digest begins so. */
export function otherDigest(digest: string): string {
  return `x${digest.slice(1)}`;
}

/** A list of variants with one, or none when there is nothing to change. */
export function only(at: string, events: (() => readonly HistoryEvent[]) | undefined): Variant[] {
  return events ? [{ at, events }] : [];
}

/** The first and the last of a node's events, named by it. One alone carries the node's name. */
export function firstAndLast<E>(own: readonly E[], node: string): (E & { at: string })[] {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (own.length === 1) return [{ ...first, at: node }];
  return [
    { ...first, at: `${node}, the first` },
    { ...last, at: `${node}, the last` },
  ];
}

export const nsPerMs = 1e6;
export const nsPerS = 1e9;
