// The history of the peer zone: the events inside `peer` events, unwrapped. Pure.

import { sortedByTime } from "./codec.ts";
import type { History } from "./event.ts";
import { eventsOf, type HistoryView, viewOf } from "./view.ts";

export interface PeerView {
  view: HistoryView;
  /** From an index in the peer's history to the index in the whole one. */
  indexOf: (index: number) => number;
}

const peers = new WeakMap<History, PeerView>();

/** Undefined in a history of one zone. To the peer zone the other one is its peer. */
export function peerViewOf({ history }: HistoryView): PeerView | undefined {
  if (!history.header.peer) return undefined;
  const known = peers.get(history);
  if (known) return known;
  const { header } = history;
  const indices: number[] = [];
  const events = eventsOf(history, "peer").map(({ event, index }) => {
    indices.push(index);
    return event.event;
  });
  // The outer stamp is the inner one, so the events are in order.
  const own = { zone: header.zone, plannedFaults: header.plannedFaults };
  const view = viewOf({ header: { ...header, ...header.peer, peer: own }, events: sortedByTime(events) });
  const made = { view, indexOf: (index: number) => indices[index] ?? index };
  peers.set(history, made);
  return made;
}
