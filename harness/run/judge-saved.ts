// From a run's folder to its verdicts. `triad gate` and `triad check` both end here, so a verdict rests on saved files
// only.

import { isDeepStrictEqual } from "node:util";
import { scenarioSection, type Section } from "#report/scenario-section.ts";
import { verdictsFileOf } from "#report/verdicts-file.ts";
import { wrongBound } from "#spec/bounds.ts";
import { defaultBounds, type RunFacts, type VerdictsFile } from "#spec/verdict.ts";
import { isOwnPlan } from "./saved/binding.ts";
import { readRunFacts, runFile } from "./evidence-folder.ts";
import { type Doubts, judgeFolder } from "./judge-folder.ts";
import { planFile, readPlan, type RunPlan, scenarioFolder } from "./plan.ts";
import { otherReplayed } from "./replay/replayed-file.ts";
import { reportTexts, type ReportTexts, writeReports } from "./write-reports.ts";

export interface Judgement {
  plan: RunPlan;
  file: VerdictsFile;
  texts: ReportTexts;
}

/** Judges a folder and writes verdicts and reports. */
export function judgeSaved(folder: string): VerdictsFile {
  return writeReports(folder, judgement(folder, new Map()));
}

/**
 * Judges a folder and leaves it as it is.
 *
 * @param differences sentences about files that are not what the run left, by path.
 */
export function judgement(folder: string, differences: ReadonlyMap<string, string>): Judgement {
  const plan = readPlan(folder);
  const run = readRunFacts(folder);
  const sections: Section[] = [];
  const entries = judgeFolder(folder, plan, {
    onScenario: (judged, history) => void sections.push(scenarioSection(judged, history)),
    doubts: doubtsOf(folder, { plan, run, differences }),
  });
  const file = verdictsFileOf(run, entries);
  return { plan, file, texts: reportTexts(file, sections) };
}

interface Against {
  plan: RunPlan;
  run: RunFacts;
  differences: ReadonlyMap<string, string>;
}

function doubtsOf(folder: string, { plan, run, differences }: Against): Doubts {
  return {
    all:
      differences.get(planFile) ??
      differences.get(runFile) ??
      otherRun(plan, run) ??
      otherReplayed(folder, plan.scenarios) ??
      otherBounds(plan) ??
      otherEntries(plan),
    of: (planned) => {
      const own = `${scenarioFolder(planned)}/`;
      return [...differences].find(([name]) => name.startsWith(own))?.[1];
    },
  };
}

/** The facts of the run repeat what the plan says, and the report prints them. */
function otherRun(plan: RunPlan, run: RunFacts): string | undefined {
  const names = ["id", "startedAt", "seed", "command", "bounds", "profile"] as const;
  const other = names.find((name) => !isDeepStrictEqual(plan[name], run[name]));
  return other && `${runFile} is of another run than ${planFile}: ${other} differs`;
}

/** An entry that a scenario decides gets a verdict. */
function otherEntries({ entries, scenarios }: RunPlan): string | undefined {
  const lacking = scenarios.flatMap((one) => one.entries).find((entry) => !entries.includes(entry));
  return lacking && `${planFile} names ${lacking} in a scenario and not among the entries of the run`;
}

/** Only a profile moves a bound. */
function otherBounds(plan: RunPlan): string | undefined {
  if (wrongBound(plan.bounds)) return `${planFile} has bounds outside of their ranges`;
  if (!isOwnPlan(plan) || plan.profile || isDeepStrictEqual(plan.bounds, defaultBounds)) return undefined;
  return `${planFile} has bounds that are not the pattern's, and no profile`;
}
