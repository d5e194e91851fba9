// Judges the saved histories in a run's folder. It reads files and needs no Docker.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { judge } from "#checkers/judge.ts";
import { type JudgedScenario, mergeFindings } from "#checkers/merge-findings.ts";
import type { History } from "#history/event.ts";
import { withWaivers } from "#spec/waivers.ts";
import type { EntryVerdict } from "#spec/verdict.ts";
import { historyFile, readHistory } from "#history/read-history.ts";
import { type PlannedScenario, type RunPlan, scenarioFolder } from "./plan.ts";
import { allEntries } from "./read-catalogue.ts";

/**
 * The findings of one scenario. Without a readable history its entries are unknown.
 *
 * @param run brings the waivers in force; none without it.
 */
export function judgeScenario(
  folder: string,
  planned: PlannedScenario,
  run?: Pick<RunPlan, "profile" | "startedAt">,
): JudgedScenario & { saved?: History } {
  const history = join(scenarioFolder(planned), historyFile);
  const path = join(folder, history);
  const frame = { scenario: planned.name, repeat: planned.repeat, history };
  if (!existsSync(path))
    return { ...frame, findings: planned.entries.map((entry) => unknown(entry, "it left no history")) };
  try {
    const saved = readHistory(path);
    const excused = run?.profile?.notApplicable.map(({ entry }) => entry) ?? [];
    // A violation of an entry that is asked everywhere counts although the scenario was not planned to decide it.
    const findings = judge(saved).filter(
      ({ entry, verdict }) => planned.entries.includes(entry) || (verdict === "broken" && !excused.includes(entry)),
    );
    const waivers = run?.profile?.waivers ?? [];
    return { ...frame, findings: withWaivers(findings, waivers, run?.startedAt ?? ""), saved };
  } catch (error) {
    const { message } = HarnessError.from(error);
    return {
      ...frame,
      findings: planned.entries.map((entry) => unknown(entry, `its history cannot be read: ${message}`)),
    };
  }
}

function unknown(entry: string, because: string) {
  return { entry, verdict: "unknown" as const, because, measured: {}, events: [] };
}

/** The verdicts of a run, in catalogue order. `onScenario` gets each history once, for the report. */
export function judgeFolder(
  folder: string,
  plan: RunPlan,
  onScenario?: (judged: JudgedScenario, history: History) => void,
): EntryVerdict[] {
  const judged = plan.scenarios.map((planned) => {
    const { saved, ...one } = judgeScenario(folder, planned, plan);
    if (saved) onScenario?.(one, saved);
    return one;
  });
  const found = new Set(judged.flatMap(({ findings }) => findings.map((finding) => finding.entry)));
  const entries = allEntries().filter(({ id }) => plan.entries.includes(id) || found.has(id));
  const reasons = new Map(plan.profile?.notApplicable.map(({ entry, reason }) => [entry, reason]));
  const merged = mergeFindings(
    entries,
    judged,
    plan.scenarios.map(({ name, repeat, entries: ids }) => ({ scenario: name, repeat, entries: ids })),
  );
  return merged.map((one) => excused(one, reasons.get(one.id)));
}

/** Applies "not applicable" of the profile, unless a scenario found the entry broken. */
function excused(entry: EntryVerdict, reason: string | undefined): EntryVerdict {
  if (reason === undefined || entry.verdict === "broken") return entry;
  return { ...entry, verdict: "not-applicable", because: `the profile says: ${reason}`, measured: {} };
}
