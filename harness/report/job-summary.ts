// Markdown for the summary page of a CI job: the verdict, the table, then the reason for each entry that is not kept.

import { movedBounds } from "#spec/bounds.ts";
import { type EntryVerdict, standingOf, type VerdictsFile } from "#spec/verdict.ts";
import { escapedMarkdown as text } from "./escape.ts";
import { controllerWords, keyFigures, named, standings, tallyOf, worstStanding } from "./key-figures.ts";

const signs = { broken: "❌", unknown: "⚠️", waived: "🩹", kept: "✅", "not-applicable": "➖" } as const;

/** GitHub allows 1 MiB per step. The table has one line per entry and stays far below that. */
export function jobSummary(file: VerdictsFile): string {
  const { entries, run } = file;
  const inOrder = standings.flatMap((name) => entries.filter((entry) => standingOf(entry) === name));
  const worst = worstStanding(entries);
  const moved = movedBounds(run.bounds);
  const controller = controllerWords(run.images);
  return [
    `## ${signs[worst]} triad: ${tallyOf(entries)}${moved.length > 0 ? ` (bounds moved: ${text(moved.join(", "))})` : ""}`,
    "",
    ...(run.ended === undefined ? [] : [`**The run ended early: ${text(run.ended)}.**`, ""]),
    ...(controller === undefined ? [] : [`Controller under test: ${text(controller)}.`, ""]),
    "| | entry | promise | figures |",
    "| --- | --- | --- | --- |",
    ...inOrder.map(
      (entry) =>
        `| ${signs[standingOf(entry)]} ${standingOf(entry)} | ${text(named(entry))} | ${text(entry.promise)} | ${text(keyFigures(entry).join(", "))} |`,
    ),
    "",
    ...inOrder.filter(({ verdict }) => verdict === "broken" || verdict === "unknown").flatMap(why),
    `Seed ${run.seed}; failover bound ${run.bounds.failoverMinS} to ${run.bounds.failoverMaxS} s; ${Math.round(run.wallS)} s wall time.`,
    "",
    "```",
    run.command.replaceAll("```", "'''"),
    "```",
    "",
  ].join("\n");
}

function why(entry: EntryVerdict): string[] {
  const excuse = entry.waived ? `; waived until ${entry.waived.expires}: ${entry.waived.reason}` : "";
  return [`**${text(named(entry))} ${standingOf(entry)}**: ${text(entry.because + excuse)}`, ""];
}
