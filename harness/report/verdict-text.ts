// The verdicts for a terminal: a table, then up to ten lines for each broken or unknown entry.

import { movedBounds } from "#spec/bounds.ts";
import { stateOf } from "#spec/waivers.ts";
import { type EntryVerdict, standingOf, type VerdictsFile } from "#spec/verdict.ts";
import { exitCodeOf } from "./exit-code.ts";
import { keyFigures, named, tallyOf } from "./key-figures.ts";

const widthMax = 110;
const promiseMax = 40;
/** A run that decides little has more. Their reasons would push the verdicts off the screen. */
const unknownMax = 40;
/** On a narrower terminal the table has no promises: rows would wrap, and the slug says enough. */
const columnsForPromise = 100;

/**
 * Plain text without colours. It ends with the tally, the exit code and the command to repeat the run.
 *
 * @param columns width of the terminal; wide unless given.
 * @param exitCode of the command; that of the verdicts unless given.
 */
export function verdictText(
  file: VerdictsFile,
  columns = columnsForPromise,
  exitCode = exitCodeOf(file.entries),
): string {
  const { entries, run } = file;
  const unknown = entries.filter(({ verdict }) => verdict === "unknown");
  const isEach = unknown.length <= unknownMax;
  const worst = [...entries.filter(({ verdict }) => verdict === "broken"), ...(isEach ? unknown : [])];
  return [
    ...table(entries, columns >= columnsForPromise),
    "",
    ...worst.flatMap((entry) => [...about(entry, Math.min(columns, widthMax)), ""]),
    ...(isEach ? [] : [`${unknown.length} entries are unknown: report.html says why, for each`, ""]),
    ...beyondLines(file.beyond ?? []),
    ...declaredLines(file),
    ...(run.ended === undefined ? [] : [`the run ended early: ${run.ended}`]),
    ...movedBounds(run.bounds).map((words) => `profile: bound moved: ${words}`),
    `${tallyOf(entries)} (exit ${exitCode})`,
    `repeat: ${run.command}`,
    "",
  ].join("\n");
}

/** Observations beyond the pattern. They do not change the exit code. */
function beyondLines(observed: readonly EntryVerdict[]): string[] {
  if (observed.length === 0) return [];
  return [
    "beyond the pattern (observations only):",
    ...observed.map((one) => `  ${named(one)} ${one.verdict}: ${one.because}`),
    "",
  ];
}

/** What the profile declares, and whether it was used. */
function declaredLines({ entries, run }: VerdictsFile): string[] {
  const { notApplicable = [], waivers = [] } = run.profile ?? {};
  const lines = [
    ...notApplicable.map(({ entry, reason }) => `profile: ${entry} is not applicable: ${reason}`),
    ...waivers
      .map((waiver) => ({ ...waiver, state: stateOf(waiver, entries, run.startedAt) }))
      .filter(({ state }) => state !== "used")
      .map(({ entry, state, expires }) =>
        state === "expired"
          ? `profile: the waiver of ${entry} expired on ${expires} and has no effect`
          : state === "refused"
            ? `profile: the waiver of ${entry} is too wide and has no effect`
            : `profile: the waiver of ${entry} (until ${expires}) matched nothing; remove it`,
      ),
  ];
  return lines.length > 0 ? [...lines, ""] : [];
}

function table(entries: readonly EntryVerdict[], hasPromise: boolean): string[] {
  const rows = entries.map((entry) => [
    entry.id,
    entry.slug ?? "",
    standingOf(entry),
    ...(hasPromise ? [clip(entry.promise, promiseMax)] : []),
    [...keyFigures(entry), ...(entry.bounds ?? [])].join(", "),
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Verdict, promise, reason, runs and evidence. */
function about(entry: EntryVerdict, width: number): string[] {
  const runs = entry.scenarios.filter((one) => one.verdict === entry.verdict);
  const first = runs[0];
  const lines = [
    `${standingOf(entry).toUpperCase()} ${named(entry)}`,
    ...wrapped("promised", entry.promise, width),
    ...wrapped("because", entry.because, width),
    ...(entry.waived ? wrapped("waived", `until ${entry.waived.expires}: ${entry.waived.reason}`, width) : []),
  ];
  if (!first) return lines;
  const where = runs.slice(0, 3).map((one) => `${one.scenario} #${one.repeat}`);
  const more = runs.length > 3 ? ` and ${runs.length - 3} more` : "";
  lines.push(`  runs      ${where.join(", ")}${more}`);
  if (first.events.length > 0) lines.push(`  evidence  ${first.history}, events ${first.events.join(", ")}`);
  else if (first.history) lines.push(`  evidence  ${first.history}`);
  return lines.slice(0, 10);
}

function wrapped(label: string, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && line.length + word.length + 13 > width) {
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
