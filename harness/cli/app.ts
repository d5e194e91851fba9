// The work behind the command line, one method a command: ties the parts together and puts their answers into words.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { freshSeed } from "#base/random.ts";
import { keepEmbedded, isEmbeddedRunning, stopEmbedded } from "#engine/embedded.ts";
import { answeringDaemon, useEngine } from "#engine/engine.ts";
import { enginePaths } from "#engine/paths.ts";
import { exitCodeOf } from "#report/exit-code.ts";
import { decodeVerdicts, disagreements } from "#report/verdicts-file.ts";
import { verdictText } from "#report/verdict-text.ts";
import { faults } from "#faults/registry.ts";
import { select } from "#spec/scenarios/index.ts";
import { type Standing, standingOf, type VerdictsFile } from "#spec/verdict.ts";
import { bench } from "#bench/bench.ts";
import { benchDrift } from "#bench/failover-drift.ts";
import { benchPair } from "#bench/exchange.ts";
import { benchHistory } from "#bench/history.ts";
import { benchWaits } from "#bench/wall-time.ts";
import type { Answer, BenchOptions, GateOptions, Outcome, RunContext, SelectOptions, Triad } from "#api/api.ts";
import { verdictsName } from "#run/evidence-folder.ts";
import { judgeSaved, runGate } from "#run/gate.ts";
import { repository } from "#base/repository.ts";
import { allEntries, entryIds } from "#run/read-catalogue.ts";
import { newsToProgress } from "./run-progress.ts";
import { readProfile } from "#run/profile.ts";
import { prove, type Proof, selectMutants } from "#run/prove.ts";
import { anyImage, pruneEngine, pruneHost } from "#zones/prune.ts";
import { planRun } from "#run/plan.ts";
import { Environment } from "#zone/environment.ts";
import { restore, snapshot } from "#zones/snapshot-commands.ts";
import { watchZone } from "#zones/watch.ts";
import { cut, exec, fault, heal, logs, zoneDown, zoneUp } from "#zones/zone-commands.ts";
import { zoneStatus } from "#zones/zone-status.ts";

export const triad: Triad = {
  gate,
  check,
  prove: proveAll,
  bench: benchAsked,
  list,
  zoneUp,
  zoneStatus,
  zoneDown,
  fault,
  cut,
  heal,
  logs,
  snapshot,
  restore,
  watch: watchZone,
  exec,
  engineUp,
  engineDown,
  engineStatus: async () => engineAnswer(),
  daemon: answeringDaemon,
  prune,
};

/** A new folder for a run, under evidence/ unless one was asked for. */
function folderFor(out: string | undefined, id: string): string {
  return out ?? join(repository, "evidence", id);
}

async function gate(options: GateOptions, { signal, progress }: RunContext): Promise<Outcome> {
  const profile = options.profile ? readProfile(options.profile) : undefined;
  const plan = planRun({
    suites: options.suites,
    only: entryIds(options.only),
    repeat: options.repeat,
    jobs: options.jobs,
    seed: options.seed ?? freshSeed(),
    tier: options.tier,
    isKept: options.isKept,
    ...(options.stores ? { stores: options.stores } : {}),
    ...(options.natsServer ? { natsServer: options.natsServer } : {}),
    ...(profile ? { bounds: profile.bounds, profile: { ...profile, path: options.profile! } } : {}),
  });
  const folder = folderFor(options.out, plan.id);
  progress.say(
    `${plan.scenarios.length} scenarios, ${plan.areJobsGiven ? "" : "up to "}${plan.jobs} zones at a time, seed ${plan.seed}; again with: ${plan.command}`,
  );
  const file = await runGate({ plan, folder, signal, onNews: newsToProgress(progress, plan) });
  return outcomeOf(file, folder);
}

function outcomeOf(file: VerdictsFile, out: string, extra: string[] = []): Outcome {
  const count = (name: Standing) => file.entries.filter((one) => standingOf(one) === name).length;
  const summary = [verdictText(file), ...extra, `evidence: ${out} (open report.html)`].join("\n");
  return {
    exitCode: extra.length > 0 ? 1 : exitCodeOf(file.entries),
    kept: count("kept"),
    broken: count("broken"),
    unknown: count("unknown"),
    waived: count("waived"),
    notApplicable: count("not-applicable"),
    out,
    summary,
  };
}

async function check(folder: string): Promise<Outcome> {
  const path = join(folder, verdictsName);
  if (!existsSync(path)) throw new HarnessError("usage/not-evidence", `${folder} holds no ${verdictsName}`);
  const saved = decodeVerdicts(readFileSync(path, "utf8"));
  const again = judgeSaved(folder, { isReadOnly: true });
  const differences = disagreements(saved.entries, again.entries).map(
    (line) => `disagrees with the saved verdict: ${line}`,
  );
  return outcomeOf(again, folder, differences);
}

async function proveAll(options: SelectOptions, { signal, progress }: RunContext): Promise<Outcome> {
  const only = entryIds(options.only);
  const zones = selectMutants(options.suites, only);
  const seed = options.seed ?? freshSeed();
  const folder = folderFor(options.out, `prove-${seed}`);
  mkdirSync(folder, { recursive: true });
  const step = progress.step(`prove ${zones.length} mutants`);
  await using site = await Environment.open((line) => step.update(line));
  step.update("the first zones run", 0);
  const proofs = await prove(site, {
    ...options,
    only,
    seed,
    folder,
    signal,
    onDone: (proof, done, all) =>
      step.update(`${proof.mutant} ${proof.isShown ? "shown broken" : "NOT SHOWN"}`, done / all),
  });
  step.done(`${proofs.filter((one) => one.isShown).length} of ${proofs.length} shown broken`);
  const missed = proofs.filter((one) => !one.isShown || one.alsoBroken.length > 0).length;
  return {
    exitCode: missed === 0 ? 0 : 1,
    kept: proofs.length - missed,
    broken: missed,
    unknown: 0,
    waived: 0,
    notApplicable: 0,
    out: folder,
    summary: proofs.map(proofLine).join("\n"),
  };
}

function proofLine(proof: Proof): string {
  const mark = proof.isShown ? "shown " : "MISSED";
  const beside =
    proof.alsoBroken.length > 0 ? `\n       besides, it broke ${proof.alsoBroken.join(", ")}, which it should not` : "";
  return `${mark} ${proof.entry.padEnd(7)} ${proof.mutant}: ${proof.says}\n       ${proof.because}${beside}`;
}

async function benchAsked(options: BenchOptions, context: RunContext): Promise<Answer> {
  const { evidence, drift, exchange, operations } = options;
  if (operations !== undefined) return benchHistory(operations, context);
  if (evidence !== undefined) return benchWaits(evidence);
  if (exchange !== undefined) return benchPair({ ...options, exchange }, context);
  return drift === undefined ? bench(options, context) : benchDrift({ ...options, drift }, context);
}

async function list() {
  return {
    entries: allEntries().map(({ id, slug, section, says }) => ({ id, slug, section, says })),
    scenarios: select([], []).map(({ name, suite, entries }) => ({ name, suite, entries })),
    faults: Object.entries(faults).map(([name, { does }]) => ({ name, does })),
  };
}

async function engineUp({ progress }: RunContext): Promise<Answer> {
  const step = progress.step("engine");
  await using engine = await useEngine((line) => step.update(line));
  if (engine.kind === "embedded") keepEmbedded(true);
  step.done();
  const kept = engine.kind === "embedded" ? "; it stays until: ./triad engine down" : "";
  return {
    summary: `${engine.kind} engine ${engine.version} answers at ${engine.host}${kept}`,
    data: { kind: engine.kind, host: engine.host, version: engine.version },
  };
}

async function engineDown(): Promise<Answer> {
  const isGone = await stopEmbedded();
  const summary = isGone ? "the embedded engine is down" : "a live run still uses the embedded engine; it ends with it";
  return { summary, data: { isGone } };
}

function engineAnswer(): Answer {
  const isRunning = isEmbeddedRunning();
  const { socket } = enginePaths();
  const asked = process.env["DOCKER_HOST"];
  const embedded = isRunning ? `the embedded engine runs at unix://${socket}` : "the embedded engine does not run";
  return {
    summary: asked ? `DOCKER_HOST is ${asked}; ${embedded}` : embedded,
    data: { isRunning, socket, dockerHost: asked ?? null },
  };
}

/** Sweeps the daemon that would be used, if it runs or left data behind, and then the host. */
async function prune({ progress }: RunContext): Promise<Answer> {
  const step = progress.step("prune");
  await using engine = await useEngine((line) => step.update(line));
  const swept = await pruneEngine(engine, await anyImage(engine));
  const host = await pruneHost();
  step.done();
  const data = { ...swept, ...host };
  const words = Object.entries(data).map(([name, count]) => `${name} ${count}`);
  return { summary: `removed what dead runs left: ${words.join(", ")}`, data };
}
