// The verdicts for a terminal: a table, then for each broken entry ten lines that a tired person can read.

import { stateOf } from "#spec/waivers.ts";
import { type EntryVerdict, standingOf, type VerdictsFile } from "#spec/verdict.ts";
import { exitCodeOf } from "./exit-code.ts";
import { keyFigures, named, tallyOf } from "./key-figures.ts";

const widthMax = 110;
const promiseMax = 40;

/** Plain text, no colours; ends with the tally and the exit code. */
export function verdictText(file: VerdictsFile): string {
  const { entries, run } = file;
  const worst = [
    ...entries.filter(({ verdict }) => verdict === "broken"),
    ...entries.filter(({ verdict }) => verdict === "unknown"),
  ];
  return [
    ...table(entries),
    "",
    ...worst.flatMap((entry) => [...about(entry), ""]),
    ...beyondLines(file.beyond ?? []),
    ...declaredLines(file),
    `${tallyOf(entries)} (exit ${exitCodeOf(entries)})`,
    `again: ${run.command}`,
    "",
  ].join("\n");
}

/** What was seen beyond the pattern; it counts for no exit code. */
function beyondLines(observed: readonly EntryVerdict[]): string[] {
  if (observed.length === 0) return [];
  return ["beyond the pattern:", ...observed.map((one) => `  ${named(one)} ${one.verdict}: ${one.because}`), ""];
}

/** What the profile declared and what became of it. */
function declaredLines({ entries, run }: VerdictsFile): string[] {
  const { notApplicable = [], waivers = [] } = run.profile ?? {};
  const lines = [
    ...notApplicable.map(({ entry, reason }) => `profile: ${entry} does not apply: ${reason}`),
    ...waivers
      .map((waiver) => ({ ...waiver, state: stateOf(waiver, entries, run.startedAt) }))
      .filter(({ state }) => state !== "used")
      .map(({ entry, state, expires }) =>
        state === "expired"
          ? `profile: the waiver of ${entry} expired on ${expires} and waives nothing`
          : `profile: the waiver of ${entry} (until ${expires}) matched nothing`,
      ),
  ];
  return lines.length > 0 ? [...lines, ""] : [];
}

function table(entries: readonly EntryVerdict[]): string[] {
  const rows = entries.map((entry) => [
    entry.id,
    entry.slug ?? "",
    standingOf(entry),
    clip(entry.promise, promiseMax),
    keyFigures(entry).join(", "),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length), 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Verdict, promise, what happened, where, and what to open. */
function about(entry: EntryVerdict): string[] {
  const runs = entry.scenarios.filter((one) => one.verdict === entry.verdict);
  const first = runs[0];
  const lines = [
    `${standingOf(entry).toUpperCase()} ${named(entry)}`,
    ...wrapped("promised", entry.promise),
    ...wrapped("because", entry.because),
    ...(entry.waived ? wrapped("waived", `until ${entry.waived.expires}: ${entry.waived.reason}`) : []),
  ];
  if (!first) return lines;
  const where = runs.slice(0, 3).map((one) => `${one.scenario} #${one.repeat}`);
  const more = runs.length > 3 ? ` and ${runs.length - 3} more` : "";
  lines.push(`  runs      ${where.join(", ")}${more}`);
  if (first.events.length > 0) lines.push(`  evidence  ${first.history}, events ${first.events.join(", ")}`);
  else if (first.history) lines.push(`  evidence  ${first.history}`);
  return lines.slice(0, 10);
}

function wrapped(label: string, text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && line.length + word.length + 13 > widthMax) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  if (line) lines.push(line);
  const shown = lines.length > 3 ? [...lines.slice(0, 2), `${lines[2]} …`] : lines;
  return shown.map((one, place) => `  ${(place === 0 ? label : "").padEnd(8)}  ${one}`);
}

function clip(text: string, lengthMax: number): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
}
