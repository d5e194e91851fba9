// `triad check`: judges saved histories again and compares with the saved verdicts.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import type { Outcome } from "#api/answers.ts";
import { decodeVerdicts, disagreements, rewordings } from "#report/verdicts-file.ts";
import { judgeSaved } from "#run/judge-saved.ts";
import { verdictsName } from "#run/write-reports.ts";
import { outcomeOf } from "./outcome.ts";

export async function check(folder: string): Promise<Outcome> {
  const path = join(folder, verdictsName);
  if (!existsSync(path)) throw new HarnessError("usage/not-evidence", `${folder} has no ${verdictsName}`);
  const saved = decodeVerdicts(readFileSync(path, "utf8"));
  const again = judgeSaved(folder, { isReadOnly: true });
  const differences = disagreements(saved.entries, again.entries);
  const reworded = rewordings(saved.entries, again.entries).length;
  const notes = differences.map((line) => `differs from the saved verdict: ${line}`);
  if (reworded > 0)
    notes.push(`same verdict, other words for the reason: ${reworded} of ${again.entries.length} entries`);
  return outcomeOf(again, folder, { notes, isDifferent: differences.length > 0 });
}
