// Queries over a pair of zones: what each zone acknowledged, what it holds at the end, and where artifacts are. The
// entries about pairs share them.

import type { FilesEvent } from "#history/event.ts";
import type { Operation } from "#history/operations.ts";
import { type PeerView, peerViewOf } from "#history/peer.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import { isOwnAppend } from "../queries/history-queries.ts";
import { specOf } from "../queries/zone-timers.ts";

/** One zone of a pair. */
export interface Zone {
  view: HistoryView;
  /** From an index in this zone's history to the index in the whole one. */
  indexOf: (index: number) => number;
  /** Identity of the zone, e.g. plant-a-bsfg. */
  name: string;
}

/** The scenario's own zone and its peer; undefined in a history of one. */
export function zonesOf(view: HistoryView): { own: Zone; peer: Zone } | undefined {
  const found: PeerView | undefined = peerViewOf(view);
  if (!found) return undefined;
  const nameOf = (one: HistoryView) => specOf(one).zoneId;
  return {
    own: { view, indexOf: (index) => index, name: nameOf(view) },
    peer: { ...found, name: nameOf(found.view) },
  };
}

/** Facts at the end of the scenario by message id, each with its offsets. */
export function factsAtEnd({ view }: Zone): Map<string, { digest: string; offsets: Set<number>; index: number }> {
  const facts = new Map<string, { digest: string; offsets: Set<number>; index: number }>();
  const sinceIndex = view.marks.findLast(({ event }) => event.mark === "load-stopped")?.index ?? 0;
  for (const { event, index } of eventsOf(view.history, "stored")) {
    if (index < sinceIndex) continue;
    const known = facts.get(event.messageId) ?? { digest: event.digest, offsets: new Set(), index };
    facts.set(event.messageId, known);
    known.offsets.add(event.offset);
  }
  return facts;
}

export function acknowledgedBy({ view }: Zone): Operation[] {
  return view.operations.filter((one) => isOwnAppend(one) && one.outcome === "ok" && one.messageId !== undefined);
}

/** An acknowledged artifact that an acknowledged fact names. The other zone must get a copy. */
export interface Named {
  put: Operation;
  digest: string;
  key: string;
}

export function namedArtifacts(zone: Zone): Named[] {
  const facts = acknowledgedBy(zone).filter(({ key }) => key !== undefined);
  return [...zone.view.operations].flatMap((put) => {
    const { f, outcome, key, digest } = put;
    if (f !== "put" || outcome !== "ok" || !key || !digest) return [];
    return facts.some((fact) => fact.key === key && fact.invokeNs >= put.endNs) ? [{ put, key, digest }] : [];
  });
}

/** The file with that digest in any list of the zone. */
export function fileIn({ view }: Zone, digest: string): { list: At<FilesEvent>; path: string } | undefined {
  for (const list of eventsOf(view.history, "files")) {
    const file = list.event.files.find((one) => one.digest === digest);
    if (file) return { list, path: file.path };
  }
  return undefined;
}
