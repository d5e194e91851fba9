// The folder of one run: taken by its plan, and given back when the run did not begin.

import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { HarnessError, messageOf } from "#base/errors.ts";
import type { RunFacts } from "#spec/verdict.ts";
import { readShaped, runShape } from "./saved/plan-shape.ts";
import { removeReplayed, writeReplayed } from "./replay/replayed-file.ts";
import { planFile, type RunPlan, writePlan } from "./plan.ts";

/** Facts about the run. Written when all scenarios are executed. */
export const runFile = "run.json";

/**
 * Takes an empty folder for a run. Histories of another run must not be judged with this plan. The plan marks the
 * folder as taken: a second run with the same --out may begin at any time.
 *
 * @throws HarnessError `usage/bad-value`
 */
export function takeFolder(folder: string, plan: RunPlan): void {
  try {
    makeFolder(folder);
    if (readdirSync(folder).length === 0) {
      writePlan(folder, plan);
      return writeReplayed(folder, plan.scenarios);
    }
  } catch (cause) {
    throw new HarnessError("usage/bad-value", `--out ${folder} cannot be used: ${messageOf(cause)}`, {
      expected: "a new or empty folder",
      cause,
    });
  }
  throw new HarnessError("usage/bad-value", `--out ${folder} is not empty`, { expected: "a new or empty folder" });
}

/** One level at a time: with `recursive`, Node 24 never returns from a folder that cannot exist, such as /proc/x. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (parent !== folder && !existsSync(parent)) makeFolder(parent);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) mkdirSync(folder);
}

/** Removes the mark of a run that did not begin. */
export function leaveFolder(folder: string): void {
  rmSync(join(folder, planFile));
  removeReplayed(folder);
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

export function writeRunFacts(folder: string, facts: RunFacts): void {
  writeFileSync(join(folder, runFile), `${JSON.stringify(facts, null, 2)}\n`);
}

/** @throws HarnessError `usage/not-evidence` when the run did not end. */
export function readRunFacts(folder: string): RunFacts {
  const path = join(folder, runFile);
  if (!existsSync(path))
    throw new HarnessError(
      "usage/not-evidence",
      `${folder} holds no ${runFile}: it is no evidence folder, or its run ended too early`,
    );
  return readShaped(path, folder, runShape);
}
