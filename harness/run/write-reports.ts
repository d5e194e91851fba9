// Writes what a run found into its folder: verdicts.json, junit.xml, report.html, summary.md. The histories are there
// already.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JudgedScenario } from "#checkers/merge-findings.ts";
import type { History } from "#history/event.ts";
import { reportHtml } from "#report/html.ts";
import { jobSummary } from "#report/job-summary.ts";
import { junitXml } from "#report/junit.ts";
import { scenarioSection, type Section } from "#report/scenario-section.ts";
import { encodeVerdicts, verdictsFileOf } from "#report/verdicts-file.ts";
import type { EntryVerdict, RunFacts, VerdictsFile } from "#spec/verdict.ts";

export const verdictsName = "verdicts.json";

type OnScenario = (judged: JudgedScenario, history: History) => void;

/** Judges through `judge`, which shows each history once, and writes every report. */
export function writeReports(
  folder: string,
  run: RunFacts,
  judge: (onScenario: OnScenario) => EntryVerdict[],
): VerdictsFile {
  const sections: Section[] = [];
  const entries = judge((judged, history) => void sections.push(scenarioSection(judged, history)));
  const file = verdictsFileOf(run, entries);
  writeFileSync(join(folder, verdictsName), encodeVerdicts(file));
  writeFileSync(join(folder, "junit.xml"), junitXml(file));
  writeFileSync(join(folder, "report.html"), reportHtml(file, sections));
  writeFileSync(join(folder, "summary.md"), jobSummary(file));
  return file;
}
