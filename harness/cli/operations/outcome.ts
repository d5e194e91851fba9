// The verdicts of a run as an outcome for the command line.

import { join } from "node:path";
import { repository } from "#base/repository.ts";
import type { Outcome } from "#api/answers.ts";
import { exitCodeOf } from "#report/exit-code.ts";
import { verdictText } from "#report/verdict-text.ts";
import { type Standing, standingOf, type VerdictsFile } from "#spec/verdict.ts";

/** The folder that was asked for, or a new one under evidence/. */
export function evidenceFolder(out: string | undefined, id: string): string {
  return out ?? join(repository, "evidence", id);
}

export function outcomeOf(
  file: VerdictsFile,
  out: string,
  { notes = [], isDifferent = false }: { notes?: string[]; isDifferent?: boolean } = {},
): Outcome {
  const count = (name: Standing) => file.entries.filter((one) => standingOf(one) === name).length;
  const exitCode = isDifferent ? 1 : exitCodeOf(file.entries);
  const text = verdictText(file, process.stdout.columns, exitCode);
  return {
    exitCode,
    kept: count("kept"),
    broken: count("broken"),
    unknown: count("unknown"),
    waived: count("waived"),
    notApplicable: count("not-applicable"),
    out,
    summary: [text, ...notes, `evidence: ${out} (open report.html)`].join("\n"),
  };
}
