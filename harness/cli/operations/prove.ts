// `triad prove`: runs mutants and says which ones their own entry found broken.

import { mkdirSync } from "node:fs";
import { freshSeed } from "#base/random.ts";
import type { Outcome } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { SelectOptions } from "#api/run-options.ts";
import { mutantNames } from "#run/mutants.ts";
import { type Proof, prove, selectMutants } from "#run/prove.ts";
import { entryIds } from "#run/read-catalogue.ts";
import { Environment } from "#zone/environment.ts";
import { evidenceFolder } from "./outcome.ts";

export async function proveMutants(options: SelectOptions, { signal, progress }: RunContext): Promise<Outcome> {
  const only = entryIds(options.only, mutantNames());
  const mutants = selectMutants(options.suites, only);
  const seed = options.seed ?? freshSeed();
  const folder = evidenceFolder(options.out, `prove-${seed}`);
  mkdirSync(folder, { recursive: true });
  const step = progress.step(`prove ${mutants.length} mutants`);
  await using environment = await Environment.open((line) => step.update(line));
  step.update("starting the first zones", 0);
  const proofs = await prove(environment, {
    ...options,
    only,
    seed,
    folder,
    signal,
    onDone: (proof, done, all) =>
      step.update(`${proof.mutant} ${proof.isShown ? "found broken" : "NOT FOUND"}`, done / all),
  });
  step.done(`${proofs.filter((one) => one.isShown).length} of ${proofs.length} found broken`);
  const missed = proofs.filter((one) => !one.isShown || one.alsoBroken.length > 0).length;
  return {
    exitCode: missed === 0 ? 0 : 1,
    kept: proofs.length - missed,
    broken: missed,
    unknown: 0,
    waived: 0,
    notApplicable: 0,
    out: folder,
    summary: proofs.map(proofText).join("\n"),
  };
}

function proofText(proof: Proof): string {
  const mark = proof.isShown ? "found " : "MISSED";
  const lines = [`${mark} ${proof.entry.padEnd(7)} ${proof.mutant}: ${proof.says}`, `       ${proof.because}`];
  if (proof.isJudgedAlone) lines.push("       judged alone after contention: the first run of it was unknown");
  if (proof.alsoBroken.length > 0)
    lines.push(`       it also broke ${proof.alsoBroken.join(", ")}, which this mutant must leave intact`);
  return lines.join("\n");
}
