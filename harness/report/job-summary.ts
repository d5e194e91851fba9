// Markdown for the summary page of a CI job: the verdict first, the table, then why for what is not kept.

import type { EntryVerdict, VerdictsFile } from "#spec/verdict.ts";
import { escapedMarkdown as text } from "./escape.ts";
import { keyFigures, tallyOf, verdictOrder } from "./key-figures.ts";

const signs = { broken: "❌", unknown: "⚠️", kept: "✅", "not-applicable": "➖" } as const;

/** GitHub takes up to 1 MiB a step; the table is one line an entry and stays far below. */
export function jobSummary(file: VerdictsFile): string {
  const { entries, run } = file;
  const inOrder = verdictOrder.flatMap((verdict) => entries.filter((entry) => entry.verdict === verdict));
  const worst = verdictOrder.find((verdict) => entries.some((entry) => entry.verdict === verdict)) ?? "unknown";
  return [
    `## ${signs[worst]} triad: ${tallyOf(entries)}`,
    "",
    "| | entry | promise | figures |",
    "| --- | --- | --- | --- |",
    ...inOrder.map(
      (entry) =>
        `| ${signs[entry.verdict]} ${entry.verdict} | ${text(entry.id)} | ${text(entry.promise)} | ${text(keyFigures(entry).join(", "))} |`,
    ),
    "",
    ...inOrder.filter(({ verdict }) => verdict === "broken" || verdict === "unknown").flatMap(why),
    `Seed ${run.seed}; failover bound ${run.bounds.failoverMinS} to ${run.bounds.failoverMaxS} s; ${Math.round(run.wallS)} s of wall time.`,
    "",
    "```",
    run.command.replaceAll("```", "'''"),
    "```",
    "",
  ].join("\n");
}

function why(entry: EntryVerdict): string[] {
  return [`**${text(entry.id)} ${entry.verdict}**: ${text(entry.because)}`, ""];
}
