// Monitors on the timeline: one thin row each, coloured by state.

import type { MonitorEvent } from "#history/event.ts";
import { eventsOf, type HistoryView } from "#history/view.ts";
import { monitorNamed } from "#spec/monitor.ts";
import { escaped } from "../escape.ts";
import type { Frame } from "./frame.ts";
import { px } from "./scale.ts";

export const monitorRowHeight = 16;
const rowsMax = 16;
const changesMax = 200;

const fillOf = {
  green: () => "var(--ok)",
  red: () => "var(--fail)",
  gone: ({ hatched }: Frame) => hatched("down"),
} as const;

/** Names in the order of their first events, at most as many as a drawing has room for. */
export function monitorsOf(view: HistoryView): string[] {
  return [...byMonitor(view).keys()].slice(0, rowsMax);
}

function byMonitor({ history }: HistoryView): Map<string, MonitorEvent[]> {
  return Map.groupBy(
    eventsOf(history, "monitor").map(({ event }) => event),
    (event) => event.monitor,
  );
}

/** Rows from `y` down. Before its first event a monitor has no state, and nothing is drawn. */
export function monitorRows(frame: Frame, y: number, left: number): string {
  const all = byMonitor(frame.view);
  return monitorsOf(frame.view)
    .map((name, place) => {
      const top = y + place * monitorRowHeight;
      const told = all.get(name)!.slice(0, changesMax);
      const bars = told.map((event, at) => bar(frame, event, { toNs: told[at + 1]?.t ?? frame.x.most, y: top + 3 }));
      return `<text x="${left - 6}" y="${top + 12}" text-anchor="end">${escaped(name.slice(0, 12))}</text>${bars.join("")}`;
    })
    .join("");
}

function bar(frame: Frame, event: MonitorEvent, at: { toNs: number; y: number }): string {
  const [from, to] = [frame.x(event.t), frame.x(at.toNs)];
  if (to <= from) return "";
  const title = escaped(`${monitorNamed(event.monitor)} ${event.state}: ${event.why.slice(0, 120)}`);
  return `<rect x="${px(from)}" y="${at.y}" width="${px(to - from)}" height="${monitorRowHeight - 6}" fill="${fillOf[event.state](frame)}"><title>${title}</title></rect>`;
}
