// Judges the saved histories in a run's folder. It reads files and needs no Docker.

import { existsSync, lstatSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { elapsedMs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { judge } from "#checkers/judge.ts";
import { type JudgedScenario, mergeFindings } from "#checkers/merge-findings.ts";
import type { History } from "#history/event.ts";
import { withWaivers } from "#spec/waivers.ts";
import { movedBounds } from "#spec/bounds.ts";
import type { EntryVerdict, Finding } from "#spec/verdict.ts";
import { historyFile, readHistory } from "#history/read-history.ts";
import { unbound } from "./saved/binding.ts";
import { type PlannedScenario, type RunPlan, scenarioFolder } from "./plan.ts";
import { allEntries } from "./read-catalogue.ts";

/** What a scenario's evidence is held to. */
export interface HeldTo {
  /** Brings the waivers in force, the bounds, and what the history is compared with. */
  run?: Pick<RunPlan, "profile" | "startedAt" | "seed" | "bounds" | "harness" | "tier" | "stores">;
  /** Why the evidence decides nothing, although it can be read. */
  doubt?: string | undefined;
}

type Judged = JudgedScenario & { saved?: History };

/** The findings of one scenario. Without a readable history its entries are unknown. */
export function judgeScenario(folder: string, planned: PlannedScenario, { run, doubt }: HeldTo = {}): Judged {
  const history = `${scenarioFolder(planned)}/${historyFile}`;
  const frame = { scenario: planned.name, repeat: planned.repeat, history };
  const allUnknown = (because: string) => planned.entries.map((entry) => unknown(entry, because));
  if (!existsSync(join(folder, history))) return { ...frame, findings: allUnknown(doubt ?? "it left no history") };
  try {
    const saved = readHistory(join(folder, history), folder);
    // A header may say what it likes: the plan was written before anything ran.
    const held = run ? { ...saved, header: { ...saved.header, bounds: { ...run.bounds } } } : saved;
    const why = doubt ?? (run && unbound(saved.header, held, { planned, plan: run }));
    const excused = run?.profile?.notApplicable.map(({ entry }) => entry) ?? [];
    // A violation of an entry that is asked everywhere counts although the scenario was not planned to decide it.
    const findings = judge(held).filter(
      ({ entry, verdict }) => planned.entries.includes(entry) || (verdict === "broken" && !excused.includes(entry)),
    );
    const waivers = run?.profile?.waivers ?? [];
    const waived = withWaivers(why === undefined ? findings : doubted(findings, why), waivers, run?.startedAt ?? "");
    return { ...frame, durationS: durationS(saved), findings: waived, saved: held };
  } catch (error) {
    const { message } = HarnessError.from(error);
    return { ...frame, findings: allUnknown(doubt ?? `its history cannot be read: ${message}`) };
  }
}

function durationS({ events }: History): number {
  const [first, last] = [events.at(0), events.at(-1)];
  return first && last ? Math.round(elapsedMs(first.t, last.t)) / 1_000 : 0;
}

/** What is broken stays broken: an edit that accuses gains nothing. Everything else is unknown. */
function doubted(findings: readonly Finding[], because: string): Finding[] {
  return findings.map((one) => (one.verdict === "broken" ? one : { ...one, verdict: "unknown", because, events: [] }));
}

/** A history in the folder that no plan asked for: what it shows broken counts, and everything else is unknown. */
function judgeUnplanned(folder: string, name: string): Judged {
  const [, scenario = name, repeat = "1"] = /^(.*)-(\d{1,9})$/.exec(name) ?? [];
  const frame = { scenario, repeat: Number(repeat), history: `scenarios/${name}/${historyFile}` };
  try {
    const saved = readHistory(join(folder, frame.history), folder);
    return { ...frame, findings: judge(saved), saved };
  } catch {
    return { ...frame, findings: [] };
  }
}

/** Folders beside those of the planned scenarios. */
export function unplannedFolders(folder: string, { scenarios }: Pick<RunPlan, "scenarios">): string[] {
  const path = join(folder, "scenarios");
  if (!existsSync(path) || !lstatSync(path).isDirectory()) return [];
  const planned = new Set(scenarios.map((one) => basename(scenarioFolder(one))));
  return readdirSync(path).filter((name) => !planned.has(name));
}

function unknown(entry: string, because: string) {
  return { entry, verdict: "unknown" as const, because, measured: {}, events: [] };
}

/** What is known against the files of a folder. */
export interface Doubts {
  /** Against all of it. */
  all?: string | undefined;
  of: (planned: PlannedScenario) => string | undefined;
}

interface JudgeOptions {
  /** Gets each history once, for the report. */
  onScenario?: (judged: JudgedScenario, history: History) => void;
  doubts?: Doubts;
}

/** The verdicts of a run, in catalogue order. */
export function judgeFolder(folder: string, plan: RunPlan, { onScenario, doubts }: JudgeOptions = {}): EntryVerdict[] {
  // What a doubtful plan excuses is not excused.
  const { profile, ...rest } = plan;
  const run = doubts?.all === undefined ? plan : rest;
  const shown = ({ saved, ...one }: Judged) => {
    if (saved) onScenario?.(one, saved);
    return one;
  };
  const judged = [
    ...plan.scenarios.map((planned) => {
      const doubt = doubts?.all ?? doubts?.of(planned);
      return shown(judgeScenario(folder, planned, { run, doubt }));
    }),
    ...unplannedFolders(folder, plan).map((name) => shown(judgeUnplanned(folder, name))),
  ];
  const found = new Set(judged.flatMap(({ findings }) => findings.map((finding) => finding.entry)));
  const entries = allEntries().filter(({ id }) => plan.entries.includes(id) || found.has(id));
  const reasons = new Map(
    (doubts?.all === undefined ? profile : undefined)?.notApplicable.map(({ entry, reason }) => [entry, reason]),
  );
  const merged = mergeFindings(
    entries,
    judged,
    plan.scenarios.map(({ name, repeat, entries: ids }) => ({ scenario: name, repeat, entries: ids })),
  );
  return merged.map((one) => withBounds(excused(one, reasons.get(one.id)), plan));
}

/** Applies "not applicable" of the profile, unless a scenario found the entry broken. */
function excused(entry: EntryVerdict, reason: string | undefined): EntryVerdict {
  if (reason === undefined || entry.verdict === "broken") return entry;
  return { ...entry, verdict: "not-applicable", because: `the profile says: ${reason}`, measured: {} };
}

/** The promise carries each bound that the profile moved: it is not the pattern's promise any more. */
function withBounds(entry: EntryVerdict, { bounds }: Pick<RunPlan, "bounds">): EntryVerdict {
  const moved = movedBounds(bounds, entry.id);
  return moved.length === 0
    ? entry
    : { ...entry, bounds: moved, promise: `${entry.promise} [bounds: ${moved.join(", ")}]` };
}
