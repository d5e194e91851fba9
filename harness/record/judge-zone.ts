// `triad judge`: the verdicts on what happened so far in a zone that stays up. The zone goes on.

import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { elapsedMs, nowNs, wallTime } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { seeded } from "#base/random.ts";
import type { RunContext } from "#api/operations.ts";
import type { JudgeOptions } from "#api/zone-options.ts";
import { encodeLine } from "#history/codec.ts";
import { historyFile } from "#history/read-history.ts";
import { takeFolder, writeRunFacts } from "#run/evidence-folder.ts";
import { runFactsOf } from "#run/gate.ts";
import { judgeSaved } from "#run/judge-saved.ts";
import { type PlannedScenario, type RunPlan, scenarioFolder } from "#run/plan.ts";
import { catalogue } from "#run/read-catalogue.ts";
import { harnessDigest } from "#run/saved/harness-digest.ts";
import { byHandSuite } from "#spec/scenario.ts";
import { defaultBounds, type VerdictsFile } from "#spec/verdict.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import { Environment } from "#zone/environment.ts";
import { findKept, type KeptZone } from "#zones/kept-files.ts";
import { readNote, recordFacts, type RecordFacts, recordFolder, removeNote, writeNote } from "#zones/record-files.ts";
import { recorderOf } from "#zones/recorder-process.ts";
import { noteVerdicts } from "./save-scenario.ts";
import { type Copy, judgedCopy, type RecordEnd } from "./judged-copy.ts";
import { type Answered, type Asked, readClosing, readRecorded } from "./recorded-events.ts";

/** A takeover, a rejoin and the drain of the consumers, each with its own deadline, on a busy machine. */
const closingDeadlineMs = 240_000;

/** @returns the verdicts and the folder that they were written to. */
export async function judgeZone(
  options: Omit<JudgeOptions, "out"> & { folderFor: (id: string) => string },
  { progress, signal }: RunContext,
): Promise<{ file: VerdictsFile; folder: string }> {
  const kept = findKept(options.zone);
  const facts = recordFacts(kept.name);
  if (!facts) throw new HarnessError("usage/no-record", `zone ${kept.name} has no record`);
  const step = progress.step(`judge ${kept.name}`);
  const end = await endOfRecord(kept.name, (doing) => step.update(doing), signal);
  step.update("judging");
  const entries = options.only.length > 0 ? options.only : catalogue().map(({ id }) => id);
  const copy = judgedCopy(await readRecorded(kept.name), entries, end);
  await using environment = await Environment.open((line) => step.update(line));
  const plan = planOf(kept, facts, copy);
  const folder = options.folderFor(plan.id);
  takeFolder(folder, plan);
  writeScenario(join(folder, scenarioFolder(plan.scenarios[0]!)), kept.name, copy);
  const run = { ...runFactsOf(environment, plan), wallS: wallS(copy) };
  writeRunFacts(folder, { ...run, ...(end.kind === "lost" ? { ended: end.why } : {}) });
  const file = judgeSaved(folder);
  noteVerdicts(kept.name, file);
  step.done();
  return { file, folder };
}

/** Asks the recorder to close the history. A recorder that is gone leaves it as it is. */
async function endOfRecord(name: string, report: (doing: string) => void, signal: AbortSignal): Promise<RecordEnd> {
  const why = whyGone(name);
  if (why) return { kind: "lost", why };
  const id = nowNs();
  removeNote(name, "answer");
  writeNote(name, "asked", { id } satisfies Asked);
  const look = () => {
    const answered = readNote<Answered>(name, "answer");
    if (answered?.id === id) return { done: answered };
    const gone = whyGone(name);
    if (gone) return { done: { id, error: gone, fromNs: 0, toNs: 0 } };
    const doing = recorderOf(name)?.doing ?? "nothing";
    report(doing);
    return { saw: doing };
  };
  const what = "the recorder to close the history";
  const answered = await pollUntil<Answered>(look, {
    what,
    deadlineMs: closingDeadlineMs,
    signal,
    code: "zone/not-recorded",
  });
  if (answered.error !== undefined) return { kind: "lost", why: answered.error };
  const { fromNs, toNs } = answered;
  return { kind: "closed", fromNs, toNs, closing: await readClosing(name) };
}

function whyGone(name: string): string | undefined {
  const recorder = recorderOf(name);
  if (!recorder) return "the zone has no recorder";
  if (recorder.isAlive) return undefined;
  return recorder.state === "ended" ? `the recorder ended: ${recorder.doing}` : "the recorder was killed";
}

function planOf({ name, plan }: KeptZone, facts: RecordFacts, { faults, header }: Copy): RunPlan {
  const scenario: PlannedScenario = {
    name: byHandSuite,
    suite: byHandSuite,
    repeat: 1,
    seed: facts.seed,
    entries: header.entries,
    faults,
    peerFaults: [],
    zone: header.zone.spec as ZoneSpec,
  };
  const startedAt = wallTime();
  return {
    format: "triad-plan/2",
    harness: harnessDigest(),
    id: `${name}-${startedAt.slice(0, 19).replaceAll(/[-:]/g, "")}-${seeded(nowNs()).hex(2)}`,
    startedAt,
    seed: facts.seed,
    command: `./triad judge ${name}`,
    suites: [byHandSuite],
    only: [],
    repeat: 1,
    jobs: 1,
    tier: plan.spec.tier,
    isKept: true,
    bounds: defaultBounds,
    entries: header.entries,
    scenarios: [scenario],
  };
}

function writeScenario(folder: string, name: string, { header, events }: Copy): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, historyFile), [header, ...events].map(encodeLine).join(""));
  const logs = readdirSync(recordFolder(name)).filter((file) => /^(alpha|beta|gamma)[.](log|conf[.]txt)$/.test(file));
  for (const file of logs) copyFileSync(join(recordFolder(name), file), join(folder, file));
}

function wallS({ events }: Copy): number {
  const [first, last] = [events[0], events.at(-1)];
  return first && last ? Math.round(elapsedMs(first.t, last.t) / 100) / 10 : 0;
}
