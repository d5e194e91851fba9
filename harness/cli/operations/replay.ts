// `triad replay`: plans the runs of scenario files, carries them out, and counts the verdicts.

import { rmSync, writeFileSync } from "node:fs";
import { defined } from "#base/defined.ts";
import { freshSeed, seeded } from "#base/random.ts";
import { counted } from "#checkers/checker.ts";
import type { Outcome } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { Progress } from "#api/progress.ts";
import type { ReplayOptions } from "#api/run-options.ts";
import { noProfile, refuseBoth } from "#profile/read-profile.ts";
import { readProfile } from "#run/profile.ts";
import type { ExecuteOptions, RunUpdate } from "#run/execute-plan.ts";
import { runReplay } from "#run/gate.ts";
import type { RunPlan } from "#run/plan.ts";
import { allEntries, entryIds } from "#run/read-catalogue.ts";
import { walkWith } from "#run/replay/walk.ts";
import { planReplay, type ReplayRequest } from "#run/replay/plan-replay.ts";
import { addOdds, type Odds, oddsOf } from "#run/replay/odds.ts";
import { expectedOf, recordOf, replayLines } from "#run/replay/replay-text.ts";
import { withRecord } from "#scenario-file/record.ts";
import { type NamedScenario, readScenario } from "#scenario-file/read-scenario.ts";
import type { VerdictsFile } from "#spec/verdict.ts";
import { updatesToProgress } from "../run-progress.ts";
import { deadlineAfter } from "./deadline.ts";
import { evidenceFolder, outcomeOf } from "./outcome.ts";

export async function replay(options: ReplayOptions, { signal, progress }: RunContext): Promise<Outcome> {
  const { repeat, isUntilBroken, seed = freshSeed(), deadlineS } = options;
  const known = allEntries().map(({ id }) => id);
  const files = options.files.map((path) => readScenario(path, { known }));
  const request = requestOf(options, { files, seed });
  using deadline = deadlineS === undefined ? undefined : deadlineAfter(deadlineS);
  const signals = deadline ? AbortSignal.any([signal, deadline.signal]) : signal;
  const attempts = isUntilBroken ? repeat : 1;
  const random = seeded(seed);
  let folder = options.out;
  let odds: Odds[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const plan = planReplay(isUntilBroken ? { ...request, repeat: 1, seed: random.below(2 ** 31) } : request);
    const last = folder;
    folder = evidenceFolder(options.out, plan.id);
    // Only a folder of an earlier attempt, in which nothing was broken.
    if (attempt > 1 && last !== undefined) rmSync(last, { recursive: true });
    const runs = isUntilBroken ? `run ${attempt} of at most ${attempts}` : counted(plan.scenarios.length, "run");
    progress.say(`${counted(files.length, "file")}, ${runs}, seed ${plan.seed}`);
    progress.say(`repeat this run with: ${plan.command}`);
    const file = await runReplay({ plan, folder, signal: signals, ...watching(options, { progress, plan }) });
    odds = addOdds(odds, oddsOf(file.entries));
    const isBroken = file.entries.some(({ verdict }) => verdict === "broken");
    if (!isBroken && attempt < attempts && !signals.aborted) continue;
    if (options.isRecorded && file.run.ended === undefined) recordIn(options.files, { files, file, odds });
    return withOdds(file, { folder, files, odds });
  }
}

/** A person who walks through the steps is not disturbed by progress lines once the zone is there. */
function watching(
  { terminal }: ReplayOptions,
  { progress, plan }: { progress: Progress; plan: RunPlan },
): Pick<ExecuteOptions, "onUpdate" | "openGuide"> {
  if (!terminal) return { onUpdate: updatesToProgress(progress, plan) };
  const onUpdate = (update: RunUpdate) => {
    if (update.kind === "environment") progress.say(update.line);
    if (update.kind === "scenario") progress.say(update.phase);
  };
  return { onUpdate, openGuide: walkWith(terminal) };
}

function requestOf(
  { only, repeat, jobs, isKept, natsServer, controller, image, profile: path, files: paths }: ReplayOptions,
  { files, seed }: { files: NamedScenario[]; seed: number },
): ReplayRequest {
  const profile = path === undefined ? undefined : { ...readProfile(path), path };
  refuseBoth({ image, controller });
  if (image && !profile?.node) throw noProfile();
  const contract = image ? profile?.node : undefined;
  return {
    files,
    paths,
    only: entryIds(only),
    repeat,
    seed,
    jobs,
    tier: "standard",
    isKept,
    ...defined({ natsServer, controller, image, contract, bounds: profile?.bounds, profile }),
  };
}

interface Recorded {
  files: readonly NamedScenario[];
  file: VerdictsFile;
  odds: readonly Odds[];
}

/** Writes the figures into the scenario files. */
function recordIn(paths: readonly string[], { files, file, odds }: Recorded): void {
  for (const [place, { name, text }] of files.entries())
    writeFileSync(paths[place]!, withRecord(text, recordOf(name, { file, odds })));
}

interface Counted {
  folder: string;
  files: readonly NamedScenario[];
  odds: Odds[];
}

function withOdds(file: VerdictsFile, { folder, files, odds }: Counted): Outcome {
  const lines = files.flatMap(({ name, file: { head } }) => replayLines({ name, head }, odds));
  const replays = odds.map((one) => {
    const head = files.find(({ name }) => name === one.scenario)?.file.head;
    return { ...one, ...defined({ expected: expectedOf(head?.expect, one.entry) }) };
  });
  return { ...outcomeOf(file, folder, { notes: [...lines, ""] }), replays };
}
