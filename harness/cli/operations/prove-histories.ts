// `triad prove --histories`: which changes of recorded histories their entries found, and which they missed.

import type { Shown } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import { proveInThreads } from "#mutations/prove-in-threads.ts";
import { proofData, proofSummary } from "#mutations/proof-text.ts";
import { entryIds } from "#run/read-catalogue.ts";

export async function proveRecorded(words: string[], { progress }: RunContext): Promise<Shown> {
  const step = progress.step("prove with changed histories");
  const proof = await proveInThreads(entryIds(words), (name, share) => step.update(name, share));
  const isProved = proof.unknownMisses.length === 0 && proof.stale.length === 0 && proof.pairs.length > 0;
  step.done(`${proof.pairs.length} pairs`);
  return { exitCode: isProved ? 0 : 1, summary: proofSummary(proof), data: proofData(proof) };
}
