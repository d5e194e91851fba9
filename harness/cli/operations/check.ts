// `triad check`: judges saved histories again and compares with everything that was saved.

import type { Outcome } from "#api/answers.ts";
import type { CheckOptions } from "#api/run-options.ts";
import { checkFolder } from "#run/saved/check-folder.ts";
import { outcomeOf } from "./outcome.ts";

export async function check({ folder, isWriting }: CheckOptions): Promise<Outcome> {
  const { file, differences, notes } = checkFolder(folder, isWriting);
  const hint = isWriting
    ? "the reports were written again"
    : `write the reports again: ./triad check ${quoted(folder)} --write`;
  const lines = [...notes, ...differences.map((one) => `DIFFERS  ${one}`)];
  if (differences.length > 0 || isWriting) lines.push(hint);
  return { ...outcomeOf(file, folder, { notes: lines, isDifferent: differences.length > 0 }), differences };
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
