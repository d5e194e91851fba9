// report.html: one file, no network, no script. The verdicts first, then the distribution of failover times, then
// a fold for each scenario. Pure: sections come in as markup, the page goes out as text.

import type { EntryVerdict, RunFacts, VerdictsFile } from "#spec/verdict.ts";
import { escaped } from "./escape.ts";
import { keyFigures, tallyOf, verdictOrder } from "./key-figures.ts";
import { failoverStrip, phaseBars, phaseLegend } from "./page/failover-charts.ts";
import { style } from "./page/style.ts";
import type { Section } from "./scenario-section.ts";

/** The page; `sections` as scenarioSection made them, shown worst first and otherwise in their order. */
export function reportHtml(file: VerdictsFile, sections: readonly Section[]): string {
  const body = [header(file), verdicts(file.entries), failovers(file), scenarios(sections), aboutRun(file.run)];
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
  const worst = verdictOrder.find((verdict) => entries.some((entry) => entry.verdict === verdict)) ?? "unknown";
  const words = {
    broken: "The zone broke a promise",
    unknown: "Not everything could be judged",
    kept: "Every promise that was judged is kept",
    "not-applicable": "Nothing applied to this zone",
  }[worst];
  const started = escaped(run.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC"));
  return (
    `<h1 class="${worst}">${words}</h1>` +
    `<p class="soft">${escaped(tallyOf(entries))} · run ${escaped(run.id)} · ${started} · ${durationOf(run.wallS)}</p>`
  );
}

function verdicts(entries: readonly EntryVerdict[]): string {
  const inOrder = verdictOrder.flatMap((verdict) => entries.filter((entry) => entry.verdict === verdict));
  if (inOrder.length === 0) return `<div class="card"><p>No entry was judged, and that is not a pass.</p></div>`;
  const rows = inOrder.map(
    (entry) =>
      `<tr><td class="id">${escaped(entry.id)}</td><td><span class="pill ${entry.verdict}">${entry.verdict}</span></td>` +
      `<td class="promise">${escaped(entry.promise)}<p class="why">${escaped(entry.because)}</p></td>` +
      `<td class="figures">${keyFigures(entry).map(escaped).join("<br>")}</td></tr>`,
  );
  return (
    `<h2>Verdicts</h2><div class="card"><table class="verdicts"><thead><tr><th>entry</th><th>verdict</th><th>promise, and how it was decided</th>` +
    `<th>figures</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
  );
}

function failovers({ entries, run }: VerdictsFile): string {
  const entry = entries.find(({ id }) => id === "TIME-1");
  if (!entry) return "";
  const strip = failoverStrip(entry, [run.bounds.failoverMinS, run.bounds.failoverMaxS]);
  if (!strip) return "";
  const bars = phaseBars(entry);
  const phases = bars ? `<h3>Where the time goes (medians)</h3>${bars}${phaseLegend()}` : "";
  const decision = escaped(entry.measured["decision"] ?? "");
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
