// The output of `triad watch`: a screen, or for each change a line of text or of JSON. Pure.

import { wallTime } from "#base/clock.ts";
import type { MonitorEvent } from "#history/event.ts";
import type { MonitorTable } from "#monitors/monitor-table.ts";
import { type MonitorName, monitorNamed, monitorNames, monitorSpecs, type MonitorState } from "#spec/monitor.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { durationText } from "#base/duration.ts";

const colours: Record<MonitorState, number> = { green: 32, red: 31, gone: 33 };

const slugWidth = Math.max(...monitorNames.map((name) => monitorSpecs[name].slug.length));

export interface ScreenOptions {
  zone: string;
  /** CLOCK_MONOTONIC ns. */
  nowNs: number;
  columns: number;
  /** Lines of the terminal; without a limit unless given. */
  rows?: number;
  isColoured: boolean;
}

/**
 * The screen, one string per line. No line is wider than the terminal. Where they do not fit, blank lines go first,
 * then monitors that are green, then the last ones. The headline stays.
 */
export function screenOf(table: MonitorTable, options: ScreenOptions): string[] {
  const { head, rows } = stateOf(table, options);
  return fitted(head, rows, options.rows);
}

/** The same words without the footer, as lines between other output. */
export function stateLines(table: MonitorTable, options: Omit<ScreenOptions, "rows">): string[] {
  const { head, rows } = stateOf(table, options);
  return [...head.filter((line) => line !== ""), ...rows.map(({ text }) => text)];
}

function stateOf(table: MonitorTable, options: ScreenOptions): { head: string[]; rows: Row[] } {
  const { zone, nowNs, columns } = options;
  const { zone: state } = table;
  const held = nodeNames.filter((name) => state.nodes[name]?.ownsVip);
  const age = (t: number) => durationText((nowNs - t) / 1e6);
  const failover = table.lastFailover;
  const plain = [
    `zone ${zone}   VIP ${state.vip} on ${held.join(" and ") || "no node"}`,
    "",
    ...nodeNames.map((name) => `  ${name.padEnd(6)} ${nodeWords(table, name)}`),
    "",
    `  voters   ${table.reading("MON-7").why}`,
    `  quorum   ${table.reading("MON-8").why}`,
    `  failover ${failover ? `to ${failover.node}, ${age(failover.t)} ago` : "none seen"}`,
    "",
  ];
  const rows = table.names.map((name) => {
    const { state, why, sinceNs } = table.reading(name);
    const since = sinceNs === 0 ? "" : age(sinceNs);
    const label = state === "green" ? "green" : state.toUpperCase();
    const text = `${label.padEnd(6)}${name.padEnd(7)}${monitorSpecs[name].slug.padEnd(slugWidth)}${since.padStart(13)}  ${why}`;
    return coloured(text.slice(0, columns - 3), options.isColoured ? colours[state] : undefined, label.length);
  });
  const head = plain.map((line) => line.slice(0, columns));
  const states = table.names.map((name) => table.reading(name).state);
  return { head, rows: rows.map((row, place) => ({ text: `  ${row}`, isGreen: states[place] === "green" })) };
}

interface Row {
  text: string;
  isGreen: boolean;
}

const footer = ["", "  Ctrl-C to end"];

/** The cursor stands in the line below the last one, so one line of the terminal stays free. */
function fitted(head: readonly string[], rows: readonly Row[], linesMax = Infinity): string[] {
  const whole = [...head, ...rows.map(({ text }) => text), ...footer];
  if (whole.length < linesMax) return whole;
  const dense = head.filter((line) => line !== "").slice(0, linesMax - 2);
  const spare = linesMax - 1 - dense.length;
  if (rows.length <= spare) return [...dense, ...rows.map(({ text }) => text)];
  const first = [...rows.filter(({ isGreen }) => !isGreen), ...rows.filter(({ isGreen }) => isGreen)];
  const shown = first.slice(0, Math.max(0, spare - 1));
  const left = first.slice(shown.length);
  const green = left.filter(({ isGreen }) => isGreen).length;
  return [...dense, ...shown.map(({ text }) => text), `  ${left.length} more monitors, ${green} of them green`];
}

function nodeWords(table: MonitorTable, name: NodeName): string {
  const seen = table.zone.nodes[name];
  if (!seen) return "no data yet";
  if (!seen.isAlive) return "down";
  const words = [seen.isFrozen ? "frozen" : (seen.role ?? (name === "gamma" ? "voter" : "no role"))];
  if (seen.ownsVip) words.push("holds the VIP");
  if (seen.listens.length > 0) words.push(`listens on ${seen.listens.join(", ")}`);
  if (table.expected === name) words.push("expected to be active");
  return words.join(", ");
}

/** Colours the first `length` characters: the state, not the rest of the row. */
function coloured(text: string, colour: number | undefined, length: number): string {
  return colour === undefined ? text : `\u001B[${colour}m${text.slice(0, length)}\u001B[0m${text.slice(length)}`;
}

/** One change as a line for people. */
export function changeLine(event: MonitorEvent): string {
  return `${wallTime()}  ${event.state.padEnd(5)}  ${monitorNamed(event.monitor)}: ${event.why}`;
}

/** One change as JSON. `t` is CLOCK_MONOTONIC in nanoseconds, as in a history. */
export function changeJson(zone: string, event: MonitorEvent): string {
  const { t, monitor, state, why } = event;
  const { slug } = monitorSpecs[monitor as MonitorName];
  return JSON.stringify({ format: "triad-monitor/1", at: wallTime(), t, zone, monitor, slug, state, why });
}
