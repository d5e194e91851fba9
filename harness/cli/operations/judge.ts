// `triad judge`: the verdicts on a zone that is up, as an outcome.

import type { Outcome } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import type { JudgeOptions } from "#api/zone-options.ts";
import { judgeZone } from "#record/judge-zone.ts";
import { entryIds } from "#run/read-catalogue.ts";
import { evidenceFolder, outcomeOf } from "./outcome.ts";

export async function judge({ out, only, ...choice }: JudgeOptions, context: RunContext): Promise<Outcome> {
  const options = { ...choice, only: entryIds(only), folderFor: (id: string) => evidenceFolder(out, id) };
  const { file, folder } = await judgeZone(options, context);
  return outcomeOf(file, folder);
}
