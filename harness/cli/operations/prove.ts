// `triad prove`: runs mutants and says which ones their own entry found broken.

import { mkdirSync } from "node:fs";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import { freshSeed } from "#base/random.ts";
import type { Outcome } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { ProveOptions } from "#api/run-options.ts";
import { type Mutant, mutantNames, needsReferenceController } from "#run/mutants.ts";
import { type Proof, prove, selectMutants } from "#run/prove.ts";
import { entryIds } from "#run/read-catalogue.ts";
import { Environment } from "#zone/environment.ts";
import { evidenceFolder } from "./outcome.ts";

export async function proveMutants(options: ProveOptions, { signal, progress }: RunContext): Promise<Outcome> {
  const only = entryIds(options.only, mutantNames());
  const { controller } = options;
  const mutants = layable(selectMutants(options.suites, only), { controller, isNamed: only.length > 0 });
  const seed = options.seed ?? freshSeed();
  const folder = evidenceFolder(options.out, `prove-${seed}`);
  mkdirSync(folder, { recursive: true });
  const step = progress.step(`prove ${mutants.length} mutants`);
  await using environment = await Environment.open((line) => step.update(line), defined({ controller }));
  step.update("starting the first zones", 0);
  const proofs = await prove(environment, {
    ...options,
    only: mutants.map(({ name }) => name),
    seed,
    folder,
    signal,
    onDone: (proof, done, all) =>
      step.update(`${proof.mutant} ${proof.isShown ? "found broken" : "NOT FOUND"}`, done / all),
  });
  step.done(`${proofs.filter((one) => one.isShown).length} of ${proofs.length} found broken`);
  const unproved = mutants.length - proofs.length;
  const missed = proofs.filter((one) => !one.isShown || one.alsoBroken.length > 0).length;
  return {
    exitCode: missed > 0 ? 1 : unproved > 0 ? 2 : 0,
    kept: proofs.length - missed,
    broken: missed,
    unknown: unproved,
    waived: 0,
    notApplicable: 0,
    out: folder,
    summary: [...proofs.map(proofText), ...unprovedText(unproved, mutants.length)].join("\n"),
  };
}

/**
 * The mutants that can be laid over a zone with this controller.
 *
 * @throws HarnessError `controller/cannot-change` when none is left, or when one that was named is left out.
 */
export function layable(
  mutants: readonly Mutant[],
  { controller, isNamed }: { controller: string | undefined; isNamed: boolean },
): Mutant[] {
  if (controller === undefined) return [...mutants];
  const fitting = mutants.filter((one) => !needsReferenceController(one));
  const left = mutants.filter((one) => needsReferenceController(one)).map(({ name }) => name);
  if (fitting.length === 0 || (isNamed && left.length > 0))
    throw new HarnessError(
      "controller/cannot-change",
      `these mutants change the reference controller: ${left.join(", ")}`,
    );
  return fitting;
}

function unprovedText(unproved: number, all: number): string[] {
  return unproved > 0 ? [`the run was interrupted: ${unproved} of ${all} mutants were not judged`] : [];
}

function proofText(proof: Proof): string {
  const mark = proof.isShown ? "found " : "MISSED";
  const lines = [`${mark} ${proof.entry.padEnd(7)} ${proof.mutant}: ${proof.says}`, `       ${proof.because}`];
  if (proof.isJudgedAlone) lines.push("       judged alone after contention: the first run of it was unknown");
  if (proof.alsoBroken.length > 0)
    lines.push(`       it also broke ${proof.alsoBroken.join(", ")}, which this mutant must leave intact`);
  return lines.join("\n");
}
