// One scenario on the page: its timeline, the findings, the proof of its faults and the deciding events. Sections are
// made one at a time, so that only one history is in memory.

import type { JudgedScenario } from "#checkers/merge-findings.ts";
import type { History, HistoryEvent } from "#history/event.ts";
import { type HistoryView, viewOf } from "#history/view.ts";
import type { AssertionRow, Figures } from "#spec/figures.ts";
import { type Finding, mergedVerdict, standingOf } from "#spec/verdict.ts";
import { escaped } from "./escape.ts";
import { eventWords } from "./event-words.ts";
import { entryAnchor, eventAnchor, findingAnchor, link, scenarioAnchor } from "./page/anchor.ts";
import { zeroNsOf } from "./page/frame.ts";
import { handshakeMatrix, lookCounts } from "./page/looks.ts";
import { serviceFigureNames, serviceTable } from "./page/service-table.ts";
import { pill } from "./page/verdict-table.ts";
import { timelineSvg } from "./timeline.ts";

/** Largest size of a section. Parts that do not fit are left out, with a note. */
export const sectionBytesMax = 60_000;
const eventCharsMax = 300;
const eventsMax = 60;
const eventsOfFindingMax = 8;
const pillsMax = 6;
const linesMax = 20;

export interface Section {
  html: string;
  verdict: Finding["verdict"];
  /** Its anchor on the page. */
  anchor: string;
  /** Indices of the events that it shows. */
  events: number[];
}

export function scenarioSection(judged: JudgedScenario, history: History): Section {
  const view = viewOf(history);
  const { verdict } = mergedVerdict(judged.findings);
  const events = listed(judged.findings, history);
  const parts = [
    `<div class="scroll">${timelineSvg(view, scenarioAnchor(judged))}</div>`,
    legend,
    `<h3>Findings</h3>${findings(judged, events)}`,
    decidingEvents(events, { view, judged }),
    handshakeMatrix(history),
    lookCounts(history),
    serviceTable(judged.findings.map(({ measured }) => measured)),
    `<h3>Faults and proof</h3>${faults(view)}`,
    `<h3>Evidence</h3><p class="small"><code>${escaped(judged.history)}</code>, seed ${history.header.seed}</p>`,
  ];
  const title = `<b>${escaped(judged.scenario)} <span class="soft">#${judged.repeat}</span></b>`;
  const open = verdict === "broken" ? " open" : "";
  const anchor = scenarioAnchor(judged);
  const html = `<details class="card" id="${anchor}"${open}><summary>${title}${pillsOf(judged.findings)}</summary><div>${bounded(parts)}</div></details>`;
  return { html, verdict, anchor, events };
}

const lanes = [
  ["var(--vip)", "owns the VIP"],
  ["var(--listen)", "listens"],
  ["var(--ok)", "answers"],
  ["var(--info)", "no answer (outcome unknown)"],
  ["var(--fail)", "refused"],
  ["var(--down)", "down"],
  ["var(--cold)", "frozen"],
] as const;

const legend =
  `<p class="legend">${lanes.map(([color, words]) => `<span><i style="background:${color}"></i>${words}</span>`).join("")}</p>` +
  `<p class="small soft">Time in seconds. 0 is the instant when the first fault took effect. Without a fault it is the first event.</p>`;

function findings(judged: JudgedScenario, events: readonly number[]): string {
  const rows = judged.findings.map((finding) => {
    const links = [...new Set(finding.events)]
      .filter((index) => events.includes(index))
      .map((index) => link(eventAnchor(judged, index), String(index)));
    const evidence = links.length > 0 ? `<p class="why">Events ${links.join(", ")}</p>` : "";
    return (
      `<tr id="${findingAnchor(judged, finding.entry)}"><td class="id">${link(entryAnchor(finding.entry), finding.entry)}</td>` +
      `<td>${pill(standingOf(finding))}</td><td>${escaped(finding.because)}${figures(finding.measured)}${evidence}</td></tr>`
    );
  });
  return `<table>${rows.join("")}</table>`;
}

/** Plain figures in one line, and the assertions as a list. */
function figures(measured: Figures): string {
  const { assertions = [], unmet = [], ...rest } = measured;
  const flat = Object.entries(rest)
    .filter(([name, value]) => value !== null && value !== undefined && !isInTable(name))
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const others = [...unmet.slice(0, linesMax), ...assertions.slice(0, linesMax).map(wordsOf)];
  const list =
    others.length > 0
      ? `<ul class="small soft">${others.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`
      : "";
  return `${flat.length > 0 ? `<p class="why">${escaped(flat.join(" · "))}</p>` : ""}${list}`;
}

function isInTable(name: string): boolean {
  return (serviceFigureNames as readonly string[]).includes(name);
}

function wordsOf({ says, verdict, saw }: AssertionRow): string {
  return `${verdict}: ${says}${saw && verdict !== "kept" ? ` (${saw})` : ""}`;
}

function faults(view: HistoryView): string {
  if (view.faults.length === 0) return `<p class="soft small">No fault was injected.</p>`;
  const rows = view.faults.map(({ fault, nodes, phases }) => {
    const proof = (at: typeof phases.healed | typeof phases.effective) =>
      at ? escaped(clip(at.event.proof ?? "no proof")) : "never";
    return (
      `<tr><td class="id">${escaped(fault)} ${escaped(nodes.join("+"))}</td>` +
      `<td>effect: ${proof(phases.effective)}</td><td>undone: ${proof(phases.healed)}</td></tr>`
    );
  });
  return `<table>${rows.join("")}</table>`;
}

/**
 * One label per entry while they fit on two lines. A scenario that decides more entries shows those that are not kept,
 * and the number of the others.
 */
function pillsOf(list: readonly Finding[]): string {
  const named = (one: Finding) =>
    `<span class="pill ${standingOf(one)}">${escaped(one.entry)} ${standingOf(one)}</span>`;
  if (list.length <= pillsMax) return list.map(named).join("");
  const kept = list.filter((one) => one.verdict === "kept").length;
  const others = list.filter((one) => one.verdict !== "kept").map(named);
  return others.join("") + (kept > 0 ? `<span class="pill kept">${kept} kept</span>` : "");
}

/** Events that the page shows, in order of time: a few of each finding, those of bad findings first. */
function listed(list: readonly Finding[], history: History): number[] {
  const isBad = ({ verdict }: Finding) => verdict === "broken" || verdict === "unknown";
  const inOrder = [...list.filter(isBad), ...list.filter((finding) => !isBad(finding))];
  const indices = inOrder.flatMap(({ events }) => events.slice(0, eventsOfFindingMax));
  const known = [...new Set(indices)].filter((index) => history.events.at(index) !== undefined);
  return known.slice(0, eventsMax).sort((a, b) => a - b);
}

function decidingEvents(indices: readonly number[], at: { view: HistoryView; judged: JudgedScenario }): string {
  if (indices.length === 0) return "";
  const zeroNs = zeroNsOf(at.view);
  const rows = indices.map((index) => {
    const event: HistoryEvent = at.view.history.events.at(index)!;
    const seconds = ((event.t - zeroNs) / 1e9).toFixed(3);
    return (
      `<tr id="${eventAnchor(at.judged, index)}"><td>${index}</td><td>${seconds} s</td>` +
      `<td>${escaped(clip(eventWords(event)))}</td></tr>`
    );
  });
  return `<h3>Deciding events</h3><table class="compact events">${rows.join("")}</table>`;
}

/** Parts in order, as long as they fit. */
function bounded(parts: readonly string[]): string {
  let html = "";
  for (const part of parts) {
    if (html.length + part.length > sectionBytesMax - 2_000)
      html += `<p class="soft small">Left out, because it is too large for the page. The history has it.</p>`;
    else html += part;
  }
  return html;
}

function clip(text: string): string {
  return text.length > eventCharsMax ? `${text.slice(0, eventCharsMax)}…` : text;
}
