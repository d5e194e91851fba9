// Writes what a run found into its folder: verdicts.json, junit.xml, report.html, summary.md. The histories are there
// already.

import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportHtml } from "#report/html.ts";
import { jobSummary } from "#report/job-summary.ts";
import { junitXml } from "#report/junit.ts";
import type { Section } from "#report/scenario-section.ts";
import { encodeVerdicts } from "#report/verdicts-file.ts";
import type { VerdictsFile } from "#spec/verdict.ts";
import { type Digests, digestsOf } from "./saved/digests.ts";
import { type ReportName, reportNames, verdictsName } from "./saved/report-names.ts";

export type ReportTexts = Record<ReportName, string>;

export function reportTexts(file: VerdictsFile, sections: readonly Section[]): ReportTexts {
  return { "junit.xml": junitXml(file), "report.html": reportHtml(file, sections), "summary.md": jobSummary(file) };
}

/**
 * Writes the reports, then verdicts.json with the digest of every file.
 *
 * @param evidence digests that the run took of its evidence. A later judgement must not replace them.
 */
export function writeReports(
  folder: string,
  { file, texts }: { file: VerdictsFile; texts: ReportTexts },
  evidence?: Digests,
): VerdictsFile {
  for (const name of reportNames) write(folder, name, texts[name]);
  const now = digestsOf(folder);
  const reports = Object.fromEntries(reportNames.map((name) => [name, now[name]!]));
  const whole = { ...file, files: inOrder({ ...(evidence ?? now), ...reports }) };
  write(folder, verdictsName, encodeVerdicts(whole));
  return whole;
}

function inOrder(digests: Digests): Digests {
  return Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** By way of a file beside it: what stood there may be a link or a FIFO. */
function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, text, { flag: "wx" });
  renameSync(`${path}.new`, path);
}
