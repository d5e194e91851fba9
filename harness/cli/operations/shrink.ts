// `triad shrink`: replays versions of a scenario file on zones of their own, one after the other, and writes the
// smallest one that is still broken.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { durationText } from "#base/duration.ts";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { Shown } from "#api/answers.ts";
import type { ShrinkOptions } from "#api/incident-options.ts";
import type { RunContext } from "#api/operations.ts";
import { entryIds } from "#run/read-catalogue.ts";
import { runOneScenario } from "#run/run-one-scenario.ts";
import { parseScenario } from "#scenario-file/parse-scenario.ts";
import { readScenario } from "#scenario-file/read-scenario.ts";
import { scenarioText } from "#scenario-file/scenario-text.ts";
import { type Outcome, shrink as shrinkSteps } from "#shrink/shrink.ts";
import { holdMsOf, sizeOf } from "#shrink/smaller.ts";
import type { Step } from "#spec/steps.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { Environment } from "#zone/environment.ts";

/** Stands for the file name while shrink tests whether a version is a scenario. No message shows it. */
const versionName = "version.yaml";

export async function shrink(options: ShrinkOptions, { progress, signal }: RunContext): Promise<Shown> {
  const { file, out, seed, redAtLeast, confidence, replaysMax, controller } = options;
  const [entry = options.entry] = entryIds([options.entry]);
  const read = readScenario(file).file;
  // Loops and chances are written out once, by the seed. So one step of a loop can go and the others stay.
  const whole = read.scenario({ name: "shrink", seed });
  const textOf = (steps: readonly Step[]): string => scenarioText({ ...read.head, steps });
  const folder = mkdtempSync(join(tmpdir(), "triad-shrink-"));
  const startNs = nowNs();
  await using environment = await Environment.open((line) => progress.say(line), defined({ controller }));
  let count = 0;
  const replay = async (steps: readonly Step[], replaySeed: number): Promise<Outcome> => {
    signal.throwIfAborted();
    const scenario = { ...parseScenario(textOf(steps), versionName).scenario({ name: "shrink", seed: replaySeed }) };
    scenario.entries = [...new Set([...scenario.entries, entry])];
    const own = join(folder, String((count += 1)));
    const zone = { ...defaultZoneSpec, ...scenario.zone };
    const findings = await runOneScenario(environment, { scenario, zone, seed: replaySeed, folder: own, signal });
    rmSync(own, { recursive: true, force: true });
    const verdict = findings.find((one) => one.entry === entry)?.verdict;
    return verdict === "broken" ? "red" : verdict === "kept" ? "not-red" : "unknown";
  };
  try {
    const parts = {
      replay,
      isValid: (steps: readonly Step[]) => isScenario(textOf(steps)),
      say: (line: string) => progress.say(line),
    };
    const result = await shrinkSteps(whole.steps, { seed, redAtLeast, confidence, replaysMax }, parts);
    writeFileSync(out, textOf(result.steps));
    const { before, after } = result;
    const isConfirmed = after.of > 0 && after.red / after.of >= redAtLeast / 2;
    const summary = [
      `${entry}: ${sizeOf(whole.steps)} steps and faults became ${sizeOf(result.steps)}, ${holdMsOf(whole.steps)} ms of holds became ${holdMsOf(result.steps)} ms`,
      `red in ${before.red} of ${before.of} replays of the file, and in ${after.red} of ${after.of} fresh ones of the result`,
      `${result.versions} versions, ${result.replays} replays, the fresh ones included, ${durationText(elapsedMs(startNs))}, seed ${seed}`,
      ...(result.isCutShort ? ["no replay was left: it may get smaller with more --replays"] : []),
      ...(isConfirmed ? [] : ["the result was seldom red again: do not trust it, give more --confidence"]),
      `wrote ${out}`,
    ].join("\n");
    return { summary, data: { format: "triad-shrunk/1", entry, out, ...result }, exitCode: isConfirmed ? 0 : 2 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isScenario(text: string): boolean {
  try {
    parseScenario(text, versionName);
    return true;
  } catch (thrown) {
    if (thrown instanceof HarnessError) return false;
    throw thrown;
  }
}
