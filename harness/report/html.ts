// report.html: one file, no network, no script. The verdicts first, then the distribution of failover times, then
// a fold for each scenario. Pure: sections come in as markup, the page goes out as text.

import { stateOf } from "#spec/waivers.ts";
import { type RunFacts, standingOf, type VerdictsFile } from "#spec/verdict.ts";
import { escaped } from "./escape.ts";
import { tallyOf, verdictOrder, worstStanding } from "./key-figures.ts";
import { scenarioAnchor } from "./page/anchor.ts";
import { failoverStrip, phaseBars, phaseLegend } from "./page/failover-charts.ts";
import { style } from "./page/style.ts";
import { beyondTable, type Shows, verdictTable } from "./page/verdict-table.ts";
import type { Section } from "./scenario-section.ts";

/** The page; `sections` as scenarioSection made them, shown worst first and otherwise in their order. */
export function reportHtml(file: VerdictsFile, sections: readonly Section[]): string {
  const body = [
    header(file),
    verdictTable(file.entries, showsOf(sections)),
    beyondTable(file.beyond ?? [], showsOf(sections)),
    declared(file),
    failovers(file),
    scenarios(sections),
    aboutRun(file.run),
  ];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    // Nothing on the page may load or run anything, whatever a node managed to write into a history.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>triad: ${escaped(tallyOf(file.entries))}</title><style>${style}</style></head>`,
    `<body><main>${body.join("\n")}</main></body></html>`,
    "",
  ].join("\n");
}

function header({ entries, run }: VerdictsFile): string {
  const worst = worstStanding(entries);
  const isWaiving = entries.some((entry) => standingOf(entry) === "waived");
  const words = {
    broken: "The zone broke a promise",
    unknown: "Not everything could be judged",
    waived: "Nothing was kept, and what broke is waived",
    kept: "Every promise that was judged is kept",
    "not-applicable": "Nothing applied to this zone",
  }[worst];
  const started = escaped(run.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC"));
  return (
    `<h1 class="${worst}">${words}${isWaiving && worst === "kept" ? ", but for what is waived" : ""}</h1>` +
    `<p class="soft">${escaped(tallyOf(entries))} · run ${escaped(run.id)} · ${started} · ${durationOf(run.wallS)}</p>`
  );
}

function showsOf(sections: readonly Section[]): Shows {
  const events = new Map(sections.map((section) => [section.anchor, new Set(section.events)]));
  return (run, event) => {
    const shown = events.get(scenarioAnchor(run));
    return shown !== undefined && (event === undefined || shown.has(event));
  };
}

/** What the profile declared, used or not: a waiver that nobody needs is to be taken away. */
function declared({ run, entries }: VerdictsFile): string {
  const { notApplicable = [], waivers = [] } = run.profile ?? {};
  if (notApplicable.length + waivers.length === 0) return "";
  const excused = notApplicable.map(
    ({ entry, reason }) =>
      `<tr><td class="id">${escaped(entry)}</td><td>not applicable</td><td>${escaped(reason)}</td></tr>`,
  );
  const waived = waivers.map((waiver) => {
    const state = { used: "waives", unused: "matched nothing", expired: "expired, waives nothing" }[
      stateOf(waiver, entries, run.startedAt)
    ];
    return (
      `<tr><td class="id">${escaped(waiver.entry)}</td><td>${state}<p class="why">until ${escaped(waiver.expires)}</p></td>` +
      `<td>${escaped(waiver.reason)}<p class="why"><code>${escaped(waiver.signature)}</code></p></td></tr>`
    );
  });
  return `<h2>Declared by the profile</h2><div class="card"><table>${[...excused, ...waived].join("")}</table></div>`;
}

function failovers({ entries, run }: VerdictsFile): string {
  const entry = entries.find(({ id }) => id === "TIME-1");
  if (!entry) return "";
  const strip = failoverStrip(entry, [run.bounds.failoverMinS, run.bounds.failoverMaxS]);
  if (!strip) return "";
  const bars = phaseBars(entry);
  const phases = bars ? `<h3>Where the time goes (medians)</h3>${bars}${phaseLegend()}` : "";
  const decision = escaped(entry.measured.decision ?? "");
  return (
    `<h2>Failover time</h2><div class="card"><p>${decision}.</p>` +
    `<p class="small soft">From the instant the fault took effect to the first call answered by another node, on the client's clock. One dot a run.</p>` +
    `${strip}${phases}</div>`
  );
}

function scenarios(sections: readonly Section[]): string {
  const inOrder = verdictOrder.flatMap((verdict) => sections.filter((section) => section.verdict === verdict));
  return inOrder.length > 0 ? `<h2>Scenarios</h2>${inOrder.map(({ html }) => html).join("\n")}` : "";
}

function aboutRun(run: RunFacts): string {
  const { bounds, engine } = run;
  const rows: [string, string][] = [
    ["seed", String(run.seed)],
    ["engine", `${engine.version}, ${engine.kind}, ${engine.privileges}, kernel ${engine.kernel}`],
    ...Object.entries(run.images).map(([name, digest]): [string, string] => [`image ${name}`, digest]),
    ...Object.entries(run.versions).map(([name, version]): [string, string] => [name, version]),
    ["failover bound", `${bounds.failoverMinS} to ${bounds.failoverMaxS} s`],
    ["load floor", `${bounds.loadFloorPerS} appends a second`],
    ["longest outage allowed", `${bounds.outageMaxMs} ms, when no role should change`],
    ["observer gap aimed at", `${bounds.observerGapMaxMs} ms`],
  ];
  const facts = rows.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join("");
  return `<h2>This run</h2><div class="card"><dl class="facts">${facts}</dl><h3>Run it again</h3><pre>${escaped(run.command)}</pre></div>`;
}

function durationOf(wallS: number): string {
  const minutes = Math.floor(wallS / 60);
  return minutes > 0 ? `${minutes} min ${Math.round(wallS % 60)} s` : `${Math.round(wallS)} s`;
}
