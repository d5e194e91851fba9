// The main job: plan, run the suites, judge what they saved, write the evidence folder. The exit code is the verdict's.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { sweep } from "#engine/sweep.ts";
import { type EntryVerdict, isPassing, type RunFacts, type VerdictsFile } from "#spec/verdict.ts";
import { verdictsFileOf } from "#report/verdicts-file.ts";
import { writeReports } from "./evidence-folder.ts";
import { repository } from "#base/repository.ts";
import { judgeFolder } from "./judge-folder.ts";
import { planFile, readPlan, type RunPlan, writePlan } from "./plan.ts";
import { runnerLog, runSuites } from "./jest-process.ts";
import { Environment } from "#zone/environment.ts";
import { type RunNews, runPlan } from "./execute-plan.ts";

export interface GateRequest {
  plan: RunPlan;
  folder: string;
  signal: AbortSignal;
  onNews: (news: RunNews) => void;
}

export const runFile = "run.json";

/** Runs and judges a plan. @returns the verdicts as written to verdicts.json. */
export async function runGate(request: GateRequest): Promise<VerdictsFile> {
  const { plan, folder } = request;
  const startNs = nowNs();
  takeFolder(folder, plan);
  const site = await openSite(request).catch((error: unknown) => {
    leaveFolder(folder);
    throw error;
  });
  try {
    const facts = factsOf(site, plan);
    const jestCode = await carryOut(site, request);
    facts.wallS = Math.round(elapsedMs(startNs) / 100) / 10;
    writeFileSync(join(folder, runFile), `${JSON.stringify(facts, null, 2)}\n`);
    const file = judgeSaved(folder);
    refuseBrokenRunner(folder, jestCode, file.entries);
    return file;
  } finally {
    await cleanUp(site);
  }
}

/**
 * The scenarios here, the claims in Jest, side by side. Whichever fails ends the other: claims without scenarios would wait
 * for ever. @returns Jest's exit code.
 */
async function carryOut(site: Environment, request: GateRequest): Promise<number> {
  const stop = new AbortController();
  const options = { ...request, signal: AbortSignal.any([request.signal, stop.signal]) };
  const scenarios = runPlan(site, options);
  const claims = runSuites(options);
  const end = (error: unknown) => stop.abort(error);
  scenarios.catch(end);
  claims.catch(end);
  const [ran, judged] = await Promise.allSettled([scenarios, claims]);
  if (request.signal.aborted) throw new HarnessError("run/interrupted", "the run was interrupted");
  if (ran.status === "rejected") throw ran.reason;
  if (judged.status === "rejected") throw judged.reason;
  return judged.value;
}

/** Takes no signal on its way, and a run that was ended meanwhile must not begin. */
async function openSite({ plan, signal, onNews }: GateRequest): Promise<Environment> {
  const site = await Environment.open((line) => onNews({ kind: "site", line }), plan.natsServer);
  if (!signal.aborted) return site;
  await site[Symbol.asyncDispose]();
  throw signal.reason;
}

/**
 * An evidence folder is made new: histories of another run must not be judged with this plan. The plan is the mark that it is
 * taken, since a second run with the same --out may begin at any time.
 */
export function takeFolder(folder: string, plan: RunPlan): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length === 0) return writePlan(folder, plan);
  } catch (cause) {
    throw new HarnessError("usage/bad-value", `--out ${folder} cannot be used: ${messageOf(cause)}`, {
      expected: "a new or empty folder",
      cause,
    });
  }
  throw new HarnessError("usage/bad-value", `--out ${folder} is not empty`, { expected: "a new or empty folder" });
}

/** Of a run that did not begin. */
function leaveFolder(folder: string): void {
  rmSync(join(folder, planFile));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function factsOf(site: Environment, plan: RunPlan): RunFacts {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
  return {
    id: plan.id,
    startedAt: plan.startedAt,
    wallS: 0,
    seed: plan.seed,
    command: plan.command,
    engine: {
      version: site.engine.version,
      kind: site.engine.kind,
      privileges: site.privileges.name,
      kernel: site.engine.kernel,
    },
    images: site.images,
    versions: { triad: version, node: process.version, ...site.versions },
    bounds: plan.bounds,
    ...(plan.profile ? { profile: plan.profile } : {}),
  };
}

/** Judges a folder from its files alone and writes verdicts and reports; read-only, it leaves the folder as it is. */
export function judgeSaved(folder: string, options: { isReadOnly?: boolean } = {}): VerdictsFile {
  const plan = readPlan(folder);
  const path = join(folder, runFile);
  if (!existsSync(path))
    throw new HarnessError("usage/not-evidence", `${folder} holds no ${runFile}: its run did not end`);
  const run = JSON.parse(readFileSync(path, "utf8")) as RunFacts;
  if (options.isReadOnly) return verdictsFileOf(run, judgeFolder(folder, plan));
  return writeReports(folder, run, (onScenario) => judgeFolder(folder, plan, onScenario));
}

/** A runner that ended otherwise than by its claims has not run the plan. */
function refuseBrokenRunner(folder: string, code: number, entries: EntryVerdict[]): void {
  const isAllKept = entries.every(isPassing);
  if (code === 0 && isAllKept) return;
  if (code === 1 && !isAllKept) return;
  const log = join(folder, runnerLog);
  const tail = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-12).join("\n") : "no log";
  throw new HarnessError(
    "run/jest-failed",
    `the test runner ended with ${code} while ${isAllKept ? "every entry is kept" : "not every entry is kept"}; its log ends:\n${tail}`,
  );
}

/** The runner's process is gone by now; whatever it left is a dead owner's. */
async function cleanUp(site: Environment): Promise<void> {
  // What cannot be removed now, because another run does it too, is swept by the next one; it must not hide a verdict.
  await sweep(site.engine.docker)
    .then(() => site.bridges.releaseDead())
    .catch(() => 0);
  await site[Symbol.asyncDispose]();
}
