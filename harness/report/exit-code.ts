// The exit code of a gate. verdicts.json says why.

import { type EntryVerdict, type Standing, standingOf } from "#spec/verdict.ts";

export const exitCodes = { kept: 0, broken: 1, unknown: 2, harness: 3, usage: 64 } as const;

/**
 * 0 all kept, 1 something broken, 2 something unknown and nothing broken. 3 and 64 come from HarnessError.exitCode.
 * Waived and not-applicable entries do not count. Without a kept entry the result is unknown: an empty run must never
 * look green.
 */
export function exitCodeOf(entries: readonly Pick<EntryVerdict, "verdict" | "waived">[]): 0 | 1 | 2 {
  const has = (name: Standing) => entries.some((entry) => standingOf(entry) === name);
  if (has("broken")) return exitCodes.broken;
  return has("unknown") || !has("kept") ? exitCodes.unknown : exitCodes.kept;
}
