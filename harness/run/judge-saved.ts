// From a run's folder to its verdicts. `triad gate` and `triad check` both end here, so a verdict rests on saved files
// only.

import type { VerdictsFile } from "#spec/verdict.ts";
import { verdictsFileOf } from "#report/verdicts-file.ts";
import { readRunFacts } from "./evidence-folder.ts";
import { judgeFolder } from "./judge-folder.ts";
import { readPlan } from "./plan.ts";
import { writeReports } from "./write-reports.ts";

/** Judges a folder and writes verdicts and reports. `isReadOnly` leaves the folder as it is. */
export function judgeSaved(folder: string, options: { isReadOnly?: boolean } = {}): VerdictsFile {
  const plan = readPlan(folder);
  const run = readRunFacts(folder);
  if (options.isReadOnly) return verdictsFileOf(run, judgeFolder(folder, plan));
  return writeReports(folder, run, (onScenario) => judgeFolder(folder, plan, onScenario));
}
