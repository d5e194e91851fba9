// report.html: one file, no network, no script. First the verdicts, then the failover times, then one section for each
// scenario. Pure.

import { movedBounds } from "#spec/bounds.ts";
import { stateOf } from "#spec/waivers.ts";
import { defaultBounds, type RunFacts, standingOf, type VerdictsFile } from "#spec/verdict.ts";
import { escaped } from "./escape.ts";
import { controllerWords, tallyOf, verdictOrder, worstStanding } from "./key-figures.ts";
import { scenarioAnchor } from "./page/anchor.ts";
import { failoverStrip, phaseBars, phaseLegend } from "./page/failover-charts.ts";
import { style } from "./page/style.ts";
import { beyondTable, type Shows, verdictTable } from "./page/verdict-table.ts";
import type { Section } from "./scenario-section.ts";

/** The page. `sections` come from scenarioSection; the worst are shown first. */
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
    // The page loads and runs nothing, whatever a node wrote into a history.
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
    unknown: "Some entries could not be judged",
    waived: "All failures are waived; nothing passed",
    kept: "All judged promises are kept",
    "not-applicable": "No entry applies to this zone",
  }[worst];
  const started = escaped(run.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC"));
  return (
    `<h1 class="${worst}">${words}${isWaiving && worst === "kept" ? ", except for waived failures" : ""}</h1>` +
    (run.ended === undefined ? "" : `<p><b>The run ended early: ${escaped(run.ended)}</b></p>`) +
    moved(run) +
    controller(run) +
    `<p class="soft">${escaped(tallyOf(entries))} · run ${escaped(run.id)} · ${started} · ${durationOf(run.wallS)}</p>`
  );
}

/** The headline says when the zone ran another controller than the reference one. */
function controller({ images }: RunFacts): string {
  const words = controllerWords(images);
  return words === undefined ? "" : `<p><b>Controller under test: ${escaped(words)}</b></p>`;
}

/** The headline says when the bounds are not the pattern's. */
function moved({ bounds }: RunFacts): string {
  const words = movedBounds(bounds);
  return words.length === 0 ? "" : `<p><b>Bounds that the profile moved: ${escaped(words.join(", "))}</b></p>`;
}

function showsOf(sections: readonly Section[]): Shows {
  const events = new Map(sections.map((section) => [section.anchor, new Set(section.events)]));
  return (run, event) => {
    const shown = events.get(scenarioAnchor(run));
    return shown !== undefined && (event === undefined || shown.has(event));
  };
}

/** What the profile declares. An unused waiver is shown too, so that it gets removed. */
function declared({ run, entries }: VerdictsFile): string {
  const { notApplicable = [], waivers = [] } = run.profile ?? {};
  if (notApplicable.length + waivers.length === 0) return "";
  const excused = notApplicable.map(
    ({ entry, reason }) =>
      `<tr><td class="id">${escaped(entry)}</td><td>not applicable</td><td>${escaped(reason)}</td></tr>`,
  );
  const waived = waivers.map((waiver) => {
    const state = {
      used: "used",
      unused: "matched nothing",
      expired: "expired, has no effect",
      refused: "too wide, has no effect",
    }[stateOf(waiver, entries, run.startedAt)];
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
    `<p class="small soft">From the instant the fault took effect to the first call that another node answered, on the client's clock. One dot per failover.</p>` +
    `${strip}${phases}</div>`
  );
}

function scenarios(sections: readonly Section[]): string {
  const inOrder = verdictOrder.flatMap((verdict) => sections.filter((section) => section.verdict === verdict));
  return inOrder.length > 0 ? `<h2>Scenarios</h2>${inOrder.map(({ html }) => html).join("\n")}` : "";
}

function aboutRun(run: RunFacts): string {
  const { engine } = run;
  const bounds = { ...defaultBounds, ...run.bounds };
  const rows: [string, string][] = [
    ["seed", String(run.seed)],
    ["engine", `${engine.version}, ${engine.kind}, ${engine.privileges}, kernel ${engine.kernel}`],
    ...Object.entries(run.images).map(([name, digest]): [string, string] => [`image ${name}`, digest]),
    ...Object.entries(run.versions).map(([name, version]): [string, string] => [name, version]),
    ["failover bound", `${bounds.failoverMinS} to ${bounds.failoverMaxS} s`],
    ["load floor", `${bounds.loadFloorPerS} appends a second`],
    ["longest allowed outage", `${bounds.outageMaxMs} ms, when no role should change`],
    ["longest allowed request", `${bounds.requestMaxMs} ms, while no fault excuses it`],
    ["target gap of the observer", `${bounds.observerGapMaxMs} ms`],
  ];
  const facts = rows.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join("");
  return `<h2>This run</h2><div class="card"><dl class="facts">${facts}</dl><h3>Repeat this run</h3><pre>${escaped(run.command)}</pre></div>`;
}

function durationOf(wallS: number): string {
  const minutes = Math.floor(wallS / 60);
  return minutes > 0 ? `${minutes} min ${Math.round(wallS % 60)} s` : `${Math.round(wallS)} s`;
}
