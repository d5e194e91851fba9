// One scenario as a drawing: time from left to right, one row for the clients and for each node, faults shaded, marks
// dashed. Calls are aggregated, so the size depends on the changes and not on the load.

import type { Span } from "#history/spans.ts";
import { type HistoryView, markOf } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { escaped } from "./escape.ts";
import { clientRow, nodeAnswers } from "./page/answers.ts";
import { type Frame, zeroNsOf } from "./page/frame.ts";
import { monitorRowHeight, monitorRows, monitorsOf } from "./page/monitor-rows.ts";
import { px, scaleOf, ticksOf } from "./page/scale.ts";

const width = 1000;
const left = 70;
const right = 990;
const top = 74;
const rowHeight = 52;
const clientHeight = 60;

/** An SVG element. Its colours come from the page's style sheet; its ids begin with `idPrefix`. */
export function timelineSvg(view: HistoryView, idPrefix: string): string {
  const frame = frameOf(view, idPrefix);
  const nodesEnd = top + clientHeight + nodeNames.length * rowHeight;
  const monitors = monitorsOf(view).length;
  const bottom = nodesEnd + (monitors > 0 ? monitors * monitorRowHeight + 6 : 0);
  const body = [
    ...axis(frame, bottom),
    ...faultWindows(frame, bottom),
    ...marks(frame, bottom),
    rowName("clients", top + 34),
    clientRow(frame, { y: top + 6, height: clientHeight - 14 }),
    ...nodeNames.flatMap((node, place) => nodeRow(frame, node, top + clientHeight + place * rowHeight)),
    monitorRows(frame, nodesEnd + 4, left),
  ];
  const label = escaped(`Timeline of ${view.history.header.scenario}`);
  return `<svg viewBox="0 0 ${width} ${bottom + 30}" role="img" aria-label="${label}">${hatches(idPrefix)}${body.join("")}</svg>`;
}

const hatch = (id: string, color: string) =>
  `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
  `<rect width="6" height="6" fill="var(--shade)"/><rect width="2" height="6" fill="var(${color})"/></pattern>`;
/** The page shows a pattern only while the drawing that defines it is visible, so each drawing has its own. */
const hatches = (idPrefix: string) =>
  `<defs>${hatch(`${idPrefix}-down`, "--down")}${hatch(`${idPrefix}-frozen`, "--cold")}</defs>`;

function frameOf(view: HistoryView, idPrefix: string): Frame {
  const zeroNs = zeroNsOf(view);
  const fromNs = markOf(view, "load-started")?.event.t ?? view.firstNs;
  const toNs = markOf(view, "load-stopped")?.event.t ?? view.lastNs;
  const marginNs = 0.5e9;
  const hatched = (state: "down" | "frozen") => `url(#${idPrefix}-${state})`;
  return { view, hatched, zeroNs, x: scaleOf([fromNs - marginNs, Math.max(toNs, fromNs) + marginNs], [left, right]) };
}

function axis({ x, zeroNs }: Frame, bottom: number): string[] {
  const seconds = scaleOf([(x.least - zeroNs) / 1e9, (x.most - zeroNs) / 1e9], [left, right]);
  const lines = ticksOf(seconds, 14).map((tick) => {
    const at = px(seconds(tick));
    return (
      `<line class="axis" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/>` +
      `<text x="${at}" y="${bottom + 16}" text-anchor="middle">${tick}${tick === 0 ? " s" : ""}</text>`
    );
  });
  return lines;
}

function faultWindows({ view, x }: Frame, bottom: number): string[] {
  return view.faults.slice(0, 12).map((life, place) => {
    const from = x(life.phases.effective?.event.t ?? life.phases.injecting?.event.t ?? x.least);
    const to = x(life.phases.healed?.event.t ?? x.most);
    const name = escaped(`${life.fault} ${life.nodes.join("+")}`);
    const y = top - 4 - (place % 2) * 13;
    return (
      `<rect class="faultarea" x="${px(from)}" y="${top}" width="${px(Math.max(to - from, 1))}" height="${bottom - top}"/>` +
      `<line class="faultedge" x1="${px(from)}" x2="${px(from)}" y1="${y}" y2="${bottom}"/>` +
      `<text class="faultname" x="${px(from + 4)}" y="${y}">${name}</text>`
    );
  });
}

const markRows = 3;

/** Names of marks are in three rows. A name that would cover another is left out; its line stays. */
function marks({ view, x }: Frame, bottom: number): string[] {
  const shown = view.marks
    .filter(({ event }) => event.t >= x.least && event.t <= x.most && event.mark !== "provoked")
    .slice(0, 24);
  const endOfRow = new Map<number, number>();
  return shown.map(({ event }) => {
    const at = x(event.t);
    const wide = event.mark.length * 5.8;
    const isLate = at + wide > right;
    const start = isLate ? at - wide - 3 : at;
    const row = [...Array(markRows).keys()].find((one) => start > (endOfRow.get(one) ?? -Infinity));
    const title = `<title>${escaped(event.mark)}</title>`;
    const line = (y: number) =>
      `<line class="mark" x1="${px(at)}" x2="${px(at)}" y1="${y}" y2="${bottom}">${title}</line>`;
    if (row === undefined) return line(top);
    endOfRow.set(row, start + wide + 8);
    const anchor = isLate ? ' text-anchor="end"' : "";
    const text = `<text x="${px(at + (isLate ? -3 : 3))}" y="${11 + row * 12}"${anchor}>${escaped(event.mark)}</text>`;
    return line(3 + row * 12) + text;
  });
}

/** Three lanes per node: owns the VIP, listens, answers. Hatched where it is down or frozen. */
function nodeRow(frame: Frame, node: NodeName, y: number): string[] {
  const spans = frame.view.spans[node];
  const bars = (of: readonly Span[], lane: { y: number; height: number; fill: string }) =>
    of
      .filter((span) => !span.isOnlyPossible)
      .slice(0, 200)
      .map((span) => bar(frame, span, lane))
      .join("");
  return [
    `<line class="axis" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/>`,
    rowName(node, y + 30),
    bars(spans.down, { y: y + 6, height: rowHeight - 12, fill: frame.hatched("down") }),
    bars(spans.frozen, { y: y + 6, height: rowHeight - 12, fill: frame.hatched("frozen") }),
    bars(spans.owns, { y: y + 9, height: 8, fill: "var(--vip)" }),
    bars(spans.listens, { y: y + 21, height: 8, fill: "var(--listen)" }),
    nodeAnswers(frame, node, { y: y + 33, height: 8 }),
  ];
}

function bar({ x }: Frame, span: Span, lane: { y: number; height: number; fill: string }): string {
  const [from, to] = [x(span.fromNs), x(span.toNs)];
  if (span.toNs < x.least || span.fromNs > x.most) return "";
  return `<rect x="${px(from)}" y="${lane.y}" width="${px(Math.max(to - from, 0.8))}" height="${lane.height}" rx="1.5" fill="${lane.fill}"/>`;
}

function rowName(name: string, y: number): string {
  return `<text class="name" x="4" y="${y}">${escaped(name)}</text>`;
}
