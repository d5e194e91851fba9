// One scenario on the page: a fold with its timeline, what was found, the proof of its faults and the events that
// decide. Made one history at a time, so that no more than one needs to be in memory.

import type { JudgedScenario } from "#checkers/compose.ts";
import type { History, HistoryEvent } from "#history/event.ts";
import { type HistoryView, viewOf } from "#history/view.ts";
import { type Finding, worstOf } from "#spec/verdict.ts";
import { escaped } from "./escape.ts";
import { timelineSvg } from "./timeline.ts";

/** A section never grows above this; what would is cut and says so. */
export const sectionBytesMax = 60_000;
const eventCharsMax = 300;
const eventsMax = 24;

export interface Section {
  html: string;
  verdict: Finding["verdict"];
}

export function scenarioSection(judged: JudgedScenario, history: History): Section {
  const view = viewOf(history);
  const verdict = worstOf(judged.findings.map((finding) => finding.verdict));
  const parts = [
    `<div class="scroll">${timelineSvg(view)}</div>`,
    legend,
    `<h3>What was found</h3>${findings(judged.findings)}`,
    `<h3>Faults and their proof</h3>${faults(view)}`,
    decidingEvents(judged.findings, history),
    `<h3>Evidence</h3><p class="small"><code>${escaped(judged.history)}</code>, seed ${history.header.seed}</p>`,
  ];
  const pills = judged.findings.map(
    ({ entry, verdict: said }) => `<span class="pill ${said}">${escaped(entry)} ${said}</span>`,
  );
  const title = `<b>${escaped(judged.scenario)} <span class="soft">#${judged.repeat}</span></b>`;
  const open = verdict === "broken" ? " open" : "";
  const html = `<details class="card"${open}><summary>${title}${pills.join("")}</summary><div>${bounded(parts)}</div></details>`;
  return { html, verdict };
}

const lanes = [
  ["var(--vip)", "owns the VIP"],
  ["var(--listen)", "listens"],
  ["var(--ok)", "answers"],
  ["var(--info)", "no answer (may have happened)"],
  ["var(--fail)", "refused"],
  ["var(--down)", "down"],
  ["var(--cold)", "frozen"],
] as const;

const legend =
  `<p class="legend">${lanes.map(([color, words]) => `<span><i style="background:${color}"></i>${words}</span>`).join("")}</p>` +
  `<p class="small soft">Seconds; 0 is the instant the first fault took effect.</p>`;

function findings(list: readonly Finding[]): string {
  const rows = list.map(
    (finding) =>
      `<tr><td class="id">${escaped(finding.entry)}</td><td><span class="pill ${finding.verdict}">${finding.verdict}</span></td>` +
      `<td>${escaped(finding.because)}${figures(finding.measured)}</td></tr>`,
  );
  return `<table>${rows.join("")}</table>`;
}

/** Plain figures in one line; claims as a list, those not kept in words. */
function figures(measured: Record<string, unknown>): string {
  const { claims, unmet, ...rest } = measured;
  const flat = Object.entries(rest)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const others = [...wordsOf(unmet), ...wordsOf(claims)];
  const list =
    others.length > 0
      ? `<ul class="small soft">${others.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`
      : "";
  return `${flat.length > 0 ? `<p class="why">${escaped(flat.join(" · "))}</p>` : ""}${list}`;
}

function wordsOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, 20).map((item: unknown) => {
    if (typeof item === "string") return item;
    const { says, verdict, saw } = item as { says: string; verdict: string; saw: string };
    return `${verdict}: ${says}${saw && verdict !== "kept" ? ` (${saw})` : ""}`;
  });
}

function faults(view: HistoryView): string {
  if (view.faults.length === 0) return `<p class="soft small">No fault was provoked.</p>`;
  const rows = view.faults.map(({ fault, nodes, phases }) => {
    const proof = (at: typeof phases.healed) => (at ? escaped(clip(at.event.proof ?? "no proof")) : "never");
    return (
      `<tr><td class="id">${escaped(fault)} ${escaped(nodes.join("+"))}</td>` +
      `<td>effect: ${proof(phases.effective)}</td><td>undone: ${proof(phases.healed)}</td></tr>`
    );
  });
  return `<table>${rows.join("")}</table>`;
}

function decidingEvents(list: readonly Finding[], history: History): string {
  const wrong = list.filter(({ verdict }) => verdict === "broken" || verdict === "unknown");
  const chosen = wrong.length > 0 ? wrong : list;
  const indices = [...new Set(chosen.flatMap((finding) => finding.events))].sort((a, b) => a - b).slice(0, eventsMax);
  const lines = indices.flatMap((index) => {
    const event: HistoryEvent | undefined = history.events[index];
    return event ? `${String(index).padStart(6)}  ${clip(JSON.stringify(event))}` : [];
  });
  return lines.length > 0 ? `<h3>Events that decide</h3><pre>${escaped(lines.join("\n"))}</pre>` : "";
}

/** Parts in order while they fit. */
function bounded(parts: readonly string[]): string {
  let html = "";
  for (const part of parts) {
    if (html.length + part.length > sectionBytesMax - 2_000)
      html += `<p class="soft small">Left out: too large for the page; the history holds it.</p>`;
    else html += part;
  }
  return html;
}

function clip(text: string): string {
  return text.length > eventCharsMax ? `${text.slice(0, eventCharsMax)}…` : text;
}
