// `triad gate`: takes a folder, executes the plan beside the claims in Jest, judges what was saved, and cleans up.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import { refuseWithoutRights } from "#engine/engine.ts";
import { sweep } from "#engine/sweep.ts";
import { nodeNames } from "#spec/node.ts";
import { type EntryVerdict, isPassing, type RunFacts, type VerdictsFile } from "#spec/verdict.ts";
import { Environment } from "#zone/environment.ts";
import type { AskedPrograms, ZoneImages } from "#zone/images/ensure-images.ts";
import { leaveFolder, takeFolder, writeRunFacts } from "./evidence-folder.ts";
import { type ExecuteOptions, executePlan } from "./execute-plan.ts";
import { runnerLog, runSuites } from "./jest-process.ts";
import { judgeSaved } from "./judge-saved.ts";
import { askedBy, type RunPlan } from "./plan.ts";

/** What a gate starts. */
interface Programs {
  refuseWithoutRights: () => void;
  openEnvironment: (report: (line: string) => void, asked: AskedPrograms) => Promise<Environment>;
  executePlan: typeof executePlan;
  /** @returns the exit code of the claims; undefined when there are none. */
  runSuites: (options: ExecuteOptions) => Promise<number | undefined>;
  sweep: typeof sweep;
}

const real: Programs = {
  refuseWithoutRights,
  openEnvironment: (report, asked) => Environment.open(report, asked),
  executePlan,
  runSuites,
  sweep,
};

/** A replay has no claims in Jest. */
const withoutClaims: Programs = { ...real, runSuites: () => Promise.resolve(undefined) };

/** Runs and judges the plan of a replay. Throws as runGate does. */
export function runReplay(request: ExecuteOptions): Promise<VerdictsFile> {
  return runGate(request, withoutClaims);
}

/**
 * Runs and judges a plan. A run that its signal ends is judged too: what did not run is unknown.
 *
 * @returns the verdicts as written to verdicts.json.
 * @throws HarnessError when the run could not begin. When it failed later, the reports are written first.
 */
export async function runGate(request: ExecuteOptions, programs: Programs = real): Promise<VerdictsFile> {
  const { plan, folder } = request;
  const startNs = nowNs();
  programs.refuseWithoutRights();
  takeFolder(folder, plan);
  const environment = await open(request, programs).catch((error: unknown) => {
    leaveFolder(folder);
    throw error;
  });
  try {
    const facts = runFactsOf(environment, plan);
    // This stands when the process is killed. `triad check` then judges the folder.
    writeRunFacts(folder, { ...facts, ended: "its process was killed" });
    const { jestCode, error } = await executeBoth(environment, request, programs);
    facts.wallS = Math.round(elapsedMs(startNs) / 100) / 10;
    if (error) facts.ended = error.message;
    const file = judged(folder, facts, error);
    // A person or a deadline ended the run: its verdicts are the answer. Any other end is a failure of the harness.
    if (error && !request.signal.aborted) throw error;
    if (jestCode !== undefined) refuseBrokenRunner(folder, jestCode, claimed(file.entries, plan));
    return file;
  } finally {
    await cleanUp(environment, programs);
  }
}

/** @throws HarnessError what ended the run, when its folder cannot be judged because of that. */
function judged(folder: string, facts: RunFacts, error: HarnessError | undefined): VerdictsFile {
  try {
    writeRunFacts(folder, facts);
    return judgeSaved(folder);
  } catch (thrown) {
    throw error ?? thrown;
  }
}

function imageFacts({ node, agent, controller, nodes }: ZoneImages): Record<string, string> {
  if (nodes) return { agent, ...nodeFacts(nodes) };
  if (!controller) return { node, agent };
  const { image, archive } = controller;
  return { node, agent, controller: image, ...(archive ? { "controller archive": archive } : {}) };
}

/** One set of facts where all nodes run one image. */
function nodeFacts(nodes: NonNullable<ZoneImages["nodes"]>): Record<string, string> {
  const isOne = nodeNames.every((name) => nodes[name].image === nodes.alpha.image);
  const facts = (isOne ? (["alpha"] as const) : nodeNames).flatMap((name) => {
    const { image, content, submitted, leftOut } = nodes[name];
    const what = isOne ? "node" : name;
    return [
      [what, image],
      [`${what} content`, content],
      ...(submitted ? [[`${what} submitted`, submitted]] : []),
      ...(leftOut ? [[`${what} note`, leftOut]] : []),
    ] as [string, string][];
  });
  return Object.fromEntries(facts);
}

/** The environment takes no signal while it opens. A run that was interrupted by then runs no scenario. */
async function open({ plan, onUpdate }: ExecuteOptions, programs: Programs): Promise<Environment> {
  const report = (line: string) => onUpdate({ kind: "environment", line });
  return programs.openEnvironment(report, askedBy(plan));
}

/** How the scenarios and the claims ended: with Jest's exit code, or with what stopped them. */
interface Executed {
  jestCode?: number;
  error?: HarnessError;
}

/**
 * The scenarios in this process and the claims in Jest, side by side. When one fails it ends the other: claims without
 * scenarios would wait forever.
 */
async function executeBoth(environment: Environment, request: ExecuteOptions, programs: Programs): Promise<Executed> {
  if (request.signal.aborted) return { error: interruptOf(request.signal) };
  const stop = new AbortController();
  const options = { ...request, signal: AbortSignal.any([request.signal, stop.signal]) };
  const scenarios = programs.executePlan(environment, options);
  const claims = programs.runSuites(options);
  const end = (error: unknown) => stop.abort(error);
  scenarios.catch(end);
  claims.catch(end);
  const [executed, claimed] = await Promise.allSettled([scenarios, claims]);
  if (request.signal.aborted) return { error: interruptOf(request.signal) };
  if (executed.status === "rejected") return { error: HarnessError.from(executed.reason) };
  if (claimed.status === "rejected") return { error: HarnessError.from(claimed.reason) };
  return defined({ jestCode: claimed.value });
}

function interruptOf({ reason }: AbortSignal): HarnessError {
  return reason instanceof HarnessError ? reason : new HarnessError("run/interrupted", "the run was interrupted");
}

/** What identifies a run and its programs. Its duration is not known yet. */
export function runFactsOf({ engine, privileges, images, versions }: Environment, plan: RunPlan): RunFacts {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
  const { id, startedAt, seed, command, bounds, profile } = plan;
  return {
    id,
    startedAt,
    wallS: 0,
    seed,
    command,
    engine: { version: engine.version, kind: engine.kind, privileges: privileges.name, kernel: engine.kernel },
    images: imageFacts(images),
    versions: { triad: version, node: process.version, ...versions },
    bounds,
    ...defined({ profile }),
  };
}

/** Those with a claim in Jest. An entry that is asked everywhere may be broken although it was not selected. */
export function claimed(entries: readonly EntryVerdict[], plan: Pick<RunPlan, "entries">): EntryVerdict[] {
  return entries.filter(({ id }) => plan.entries.includes(id));
}

/**
 * Jest exits with 0 when every claim holds and 1 when one does not. Any other end means that it did not run the plan.
 */
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

/** Jest's process has ended, so what it left belongs to a dead owner and is swept. */
async function cleanUp(environment: Environment, programs: Programs): Promise<void> {
  // What cannot be removed, because another run removes it too, is left to the next sweep. It must not hide a verdict.
  await programs
    .sweep(environment.engine.docker)
    .then(() => environment.bridges.releaseDead())
    .catch(() => 0);
  await environment[Symbol.asyncDispose]();
}
