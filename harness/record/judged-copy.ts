// The copy of a zone's history that is judged: what was recorded up to the closing, and the closing. What a person did
// stands in the place of a plan. Pure.

import type { FaultEvent, HistoryEvent, HistoryHeader } from "#history/event.ts";
import { planned } from "#scenario/history-header.ts";
import type { FaultSpec } from "#spec/faults.ts";
import type { Recorded } from "./recorded-events.ts";

/** How the record ended for this judgement. */
export type RecordEnd =
  /** The recorder closed the history: its load stopped at `fromNs`, and the last fact was read at `toNs`. */
  | { kind: "closed"; fromNs: number; toNs: number; closing: readonly HistoryEvent[] }
  /** The recorder is gone. Nothing was seen after its last event. */
  | { kind: "lost"; why: string };

export interface Copy {
  header: HistoryHeader;
  events: HistoryEvent[];
  faults: FaultSpec[];
}

export function judgedCopy({ header, events, damaged }: Recorded, entries: string[], end: RecordEnd): Copy {
  const impossible = idsIn(events, "impossible");
  const own = events.filter((event) => !(event.type === "fault" && impossible.has(event.id)));
  const faults = intendedIn(own);
  const kept = end.kind === "closed" ? closedAt(own, end) : [...own, lostEvent(own, end.why)];
  const all = damaged > 0 ? [...kept, damagedEvent(kept, damaged)] : kept;
  return {
    header: { ...header, entries, plannedFaults: planned(faults) },
    events: all.sort((a, b) => a.t - b.t),
    faults,
  };
}

/** In the zone's history the load pauses at the closing. Here it stops. */
function closedAt(
  events: readonly HistoryEvent[],
  { fromNs, toNs, closing }: Extract<RecordEnd, { kind: "closed" }>,
): HistoryEvent[] {
  const isPause = (event: HistoryEvent) => event.type === "mark" && event.mark === "load-paused" && event.t >= fromNs;
  return [...events.filter((event) => event.t <= toNs && !isPause(event)), ...closing];
}

function lostEvent(events: readonly HistoryEvent[], why: string): HistoryEvent {
  const seenNs = lastSeenNs(events);
  const firstNs = events[0]?.t ?? seenNs;
  const seconds = Math.round((seenNs - firstNs) / 1e8) / 10;
  const message = `nothing was seen from second ${seconds} of the record on: ${why}`;
  return { t: events.at(-1)?.t ?? 0, type: "trouble", code: "zone/not-recorded", message };
}

/** The last instant at which the observer looked. Commands by hand write on without it. */
export function lastSeenNs(events: readonly HistoryEvent[]): number {
  return events.findLast(({ type }) => type === "looks" || type === "observed")?.t ?? events[0]?.t ?? 0;
}

function damagedEvent(events: readonly HistoryEvent[], lines: number): HistoryEvent {
  const message = `${lines} lines of the record are damaged`;
  return { t: events.at(-1)?.t ?? 0, type: "trouble", code: "history/bad-format", message };
}

function idsIn(events: readonly HistoryEvent[], phase: FaultEvent["phase"]): Set<number> {
  return new Set(events.flatMap((event) => (event.type === "fault" && event.phase === phase ? [event.id] : [])));
}

/** The faults that a person did, in order. */
export function intendedIn(events: readonly HistoryEvent[]): FaultSpec[] {
  return events.flatMap((event) => {
    if (event.type !== "fault" || event.phase !== "intended") return [];
    const { words: _, ...spec } = event.detail ?? {};
    return [spec as FaultSpec];
  });
}
