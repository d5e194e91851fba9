// The states of a monitor over a history, from `monitor` events alone. conditions.ts says what the states should have
// been.

import type { MonitorEvent } from "#history/event.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import type { MonitorName, MonitorState } from "#spec/monitor.ts";
import type { Window } from "./conditions.ts";

export class Watched {
  readonly name: MonitorName;
  readonly changes: At<MonitorEvent>[];

  constructor(view: HistoryView, name: MonitorName) {
    this.name = name;
    this.changes = eventsOf(view.history, "monitor").filter(({ event }) => event.monitor === name);
  }

  at(t: number): At<MonitorEvent> | undefined {
    return this.changes.findLast(({ event }) => event.t <= t);
  }

  /** The first instant in [fromNs, toNs] at which it has one of these states. */
  firstIn(states: readonly MonitorState[], { fromNs, toNs }: Window): { t: number; index: number } | undefined {
    const before = this.at(fromNs);
    if (before && states.includes(before.event.state)) return { t: fromNs, index: before.index };
    const change = this.changes.find(
      ({ event }) => event.t > fromNs && event.t <= toNs && states.includes(event.state),
    );
    return change && { t: change.event.t, index: change.index };
  }

  /** Stretches of [fromNs, toNs] in which it was not green, each with its event. */
  notGreen({ fromNs, toNs }: Window): (Window & At<MonitorEvent>)[] {
    return this.changes.flatMap((change, place) => {
      const endNs = this.changes[place + 1]?.event.t ?? Infinity;
      const isMet = change.event.state !== "green" && endNs > fromNs && change.event.t < toNs;
      return isMet ? [{ ...change, fromNs: Math.max(fromNs, change.event.t), toNs: Math.min(toNs, endNs) }] : [];
    });
  }
}
