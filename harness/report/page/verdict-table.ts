// The verdict table by section of the pattern: the promise, how it was decided, and links to the deciding events.

import { type EntryVerdict, type Standing, standingOf } from "#spec/verdict.ts";
import { escaped } from "../escape.ts";
import { keyFigures, named, standings, tallyOf } from "../key-figures.ts";
import { entryAnchor, eventAnchor, findingAnchor, link } from "./anchor.ts";

/** Whether the page shows an event of a scenario. A link needs that. */
export type Shows = (run: { scenario: string; repeat: number }, event?: number) => boolean;

const runsMax = 4;
const eventsMax = 6;
/** More reasons would push the table off the screen. */
const reasonsMax = 8;

/** One table with sections in the catalogue's order. Inside a section the worst come first. */
export function verdictTable(entries: readonly EntryVerdict[], shows: Shows): string {
  if (entries.length === 0) return `<div class="card"><p>No entry was judged. That is not a pass.</p></div>`;
  const sections = Map.groupBy(entries, (entry) => entry.section ?? "");
  const bodies = [...sections].map(([section, of]) => {
    const head = section ? `<b>${escaped(section.replaceAll("_", " "))}</b> · ` : "";
    const rows = worstFirst(of).map((entry) => row(entry, shows));
    return `<tbody><tr class="section"><th colspan="4">${head}${escaped(tallyOf(of))}</th></tr>${rows.join("")}</tbody>`;
  });
  return (
    `<h2>Verdicts</h2>${notKept(entries)}<div class="card"><table class="verdicts"><thead><tr><th>entry</th><th>verdict</th>` +
    `<th>promise and evidence</th><th>figures</th></tr></thead>${bodies.join("")}</table></div>`
  );
}

/** Observations beyond the pattern, in a separate table. */
export function beyondTable(observed: readonly EntryVerdict[], shows: Shows): string {
  if (observed.length === 0) return "";
  const rows = observed.map((entry) => row(entry, shows)).join("");
  return (
    `<h2>Beyond the pattern</h2><p class="small soft">Observations only. The pattern makes no promise about them, and they do not change the exit code.</p>` +
    `<div class="card"><table class="verdicts"><tbody>${rows}</tbody></table></div>`
  );
}

function worstFirst(entries: readonly EntryVerdict[]): EntryVerdict[] {
  return standings.flatMap((standing) => entries.filter((entry) => standingOf(entry) === standing));
}

/** The bad entries come first, each with its reason, because the table is long. */
function notKept(entries: readonly EntryVerdict[]): string {
  const rows = (["broken", "unknown", "waived"] as const).flatMap((standing) => {
    const of = entries.filter((entry) => standingOf(entry) === standing);
    const reasons = of.slice(0, reasonsMax).map(badRow);
    const others = of.slice(reasonsMax).map((entry) => link(entryAnchor(entry.id), named(entry)));
    return others.length > 0 ? [...reasons, `<p class="bad">${pill(standing)} and ${others.join(", ")}</p>`] : reasons;
  });
  return rows.length > 0 ? `<div class="card">${rows.join("")}</div>` : "";
}

function badRow(entry: EntryVerdict): string {
  const name = link(entryAnchor(entry.id), named(entry));
  return (
    `<p class="bad">${pill(standingOf(entry))} ${name}: ${escaped(entry.promise)}` +
    `<span class="why">${escaped(entry.because)}</span></p>`
  );
}

export function pill(standing: Standing): string {
  return `<span class="pill ${standing}">${standing}</span>`;
}

function row(entry: EntryVerdict, shows: Shows): string {
  const looked = entry.decide === undefined ? "" : `<p class="decide">Decided by: ${escaped(entry.decide)}.</p>`;
  const slug = entry.slug === undefined ? "" : `<p class="slug">${escaped(entry.slug)}</p>`;
  const excuse = entry.waived
    ? `<p class="why">Waived until ${escaped(entry.waived.expires)}: ${escaped(entry.waived.reason)}</p>`
    : "";
  return (
    `<tr id="${entryAnchor(entry.id)}"><td class="id">${escaped(entry.id)}${slug}</td><td>${pill(standingOf(entry))}</td>` +
    `<td class="promise">${escaped(entry.promise)}${looked}<p class="why">${escaped(entry.because)}</p>${excuse}${evidence(entry, shows)}</td>` +
    `<td class="figures">${keyFigures(entry).map(escaped).join("<br>")}</td></tr>`
  );
}

/** The deciding runs, each with its events. */
function evidence(entry: EntryVerdict, shows: Shows): string {
  const deciding = entry.scenarios.filter((run) => run.verdict === entry.verdict && shows(run));
  if (deciding.length === 0) return "";
  const shown = deciding.slice(0, runsMax).map((run) => {
    const events = [...new Set(run.events)].filter((index) => shows(run, index)).slice(0, eventsMax);
    const links = events.map((index) => link(eventAnchor(run, index), String(index))).join(", ");
    return `${link(findingAnchor(run, entry.id), `${run.scenario} #${run.repeat}`)}${links ? ` (events ${links})` : ""}`;
  });
  const more = deciding.length > runsMax ? ` and ${deciding.length - runsMax} more` : "";
  return `<p class="why">Evidence: ${shown.join("; ")}${more}</p>`;
}
