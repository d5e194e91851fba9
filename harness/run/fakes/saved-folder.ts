// A run's folder for tests: real recorded histories under a plan of this version, written by the code that a gate uses.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { repository } from "#base/repository.ts";
import type { HistoryHeader } from "#history/event.ts";
import { historyFormat } from "#history/event.ts";
import { planned as faultsInHeader } from "#scenario/history-header.ts";
import type { RunFacts } from "#spec/verdict.ts";
import { takeFolder, writeRunFacts } from "../evidence-folder.ts";
import { judgeSaved } from "../judge-saved.ts";
import { planRun, type PlanRequest } from "../make-plan.ts";
import { findingsFile, type PlannedScenario, readPlan, type RunPlan, scenarioFolder } from "../plan.ts";

export const request: PlanRequest = {
  suites: [],
  only: [],
  repeat: 1,
  jobs: 2,
  seed: 1,
  tier: "standard",
  isKept: false,
};
const recordings: Record<string, string> = {
  "fail-1-kill": "2-fail-1-kill",
  "steady-look": "2-steady-look",
  "boot-at-once": "2-boot-at-once",
};
const texts = new Map<string, { header: HistoryHeader; lines: string }>();

/** The lines of a recorded history without its header. */
export function recorded(scenario: string): { header: HistoryHeader; lines: string } {
  const known = texts.get(scenario);
  if (known) return known;
  const path = join(repository, "fixtures/recorded", `${recordings[scenario]!}.jsonl.br`);
  const text = brotliDecompressSync(readFileSync(path)).toString("utf8");
  const end = text.indexOf("\n") + 1;
  // What older formats called an event.
  const lines = text.slice(end).replaceAll('"type":"survey"', '"type":"inspection"');
  const read = { header: JSON.parse(text.slice(0, end)) as HistoryHeader, lines };
  texts.set(scenario, read);
  return read;
}

/** The header that the plan asks for, on the addresses of the recording. */
export function headerFor(planned: PlannedScenario, { bounds }: Pick<RunPlan, "bounds">): HistoryHeader {
  const { header } = recorded(planned.name);
  return {
    ...header,
    format: historyFormat,
    seed: planned.seed,
    entries: planned.entries,
    plannedFaults: faultsInHeader(planned.faults!),
    zone: { ...header.zone, spec: planned.zone! },
    bounds: { ...bounds },
  };
}

export function historyText(planned: PlannedScenario, plan: Pick<RunPlan, "bounds">): string {
  return `${JSON.stringify(headerFor(planned, plan))}\n${recorded(planned.name).lines}`;
}

/** A new folder with these scenarios, judged. */
export function saveFolder(folder: string, names: readonly string[], differs: Partial<RunPlan> = {}): RunPlan {
  const all = planRun(request);
  const scenarios = names.map((name) => {
    const { header } = recorded(name);
    const one = all.scenarios.find((planned) => planned.name === name)!;
    return { ...one, seed: header.seed, entries: header.entries.filter((entry) => one.entries.includes(entry)) };
  });
  const entries = [...new Set(scenarios.flatMap((one) => one.entries))].sort();
  takeFolder(folder, { ...all, scenarios, entries, ...differs });
  const plan = readPlan(folder);
  for (const planned of plan.scenarios) {
    const path = join(folder, scenarioFolder(planned));
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "history.jsonl"), historyText(planned, plan));
    writeFileSync(join(path, "agent.log"), "\n");
    writeFileSync(join(path, findingsFile), "{}\n");
  }
  writeFileSync(join(folder, "jest.log"), "ran\n");
  writeRunFacts(folder, factsOf(plan));
  judgeSaved(folder);
  return plan;
}

export function factsOf({ id, startedAt, seed, command, bounds, profile }: RunPlan): RunFacts {
  return {
    id,
    startedAt,
    wallS: 60,
    seed,
    command,
    engine: { version: "26.1.5", kind: "embedded", privileges: "privileged", kernel: "6.1" },
    images: { node: "triad/node:1" },
    versions: { triad: "0.1.0" },
    bounds,
    ...(profile ? { profile } : {}),
  };
}

export function copyFolder(from: string, to: string): string {
  cpSync(from, to, { recursive: true });
  return to;
}
