// What several commands have in common: how runs are selected, how an example looks, how an answer is printed.

import type { Command } from "commander";
import type { Answer, Door, Outcome, SelectOptions } from "#api/api.ts";
import { collectList, parseFolder, wholeNumber } from "../parse-option.ts";

/** Seeds are unsigned 32-bit numbers, as #base/random.ts takes them. */
const seedMax = 2 ** 32 - 1;

/** Flags of addSelection as commander hands them over; a flag that was not given has no key. */
export interface SelectFlags {
  suite?: string[];
  only?: string[];
  jobs?: number;
  out?: string;
  seed?: number;
  json?: true;
}

export function addSelection(command: Command): Command {
  return command
    .option("--suite <names...>", "these suites only (see: triad list)", collectList)
    .option(
      "--only <ids...>",
      "only these entries, by id or slug, e.g. FAIL-1,alpha-isolated (see: triad list)",
      collectList,
    )
    .option("--jobs <n>", "zones at a time (default: what the machine carries)", wholeNumber(1, 64))
    .option("--out <folder>", "evidence folder (default: a new one under evidence/)", parseFolder)
    .option("--seed <n>", "repeat the run that printed this seed", wholeNumber(0, seedMax))
    .option("--json", "print the outcome as JSON");
}

export function selectionOf({ suite, only, jobs, out, seed }: SelectFlags): SelectOptions {
  return {
    suites: suite ?? [],
    only: only ?? [],
    ...(jobs === undefined ? {} : { jobs }),
    ...(out === undefined ? {} : { out }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Help text with one runnable example a line. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ./triad ${line}`).join("\n")}`;
}

export function tellOutcome(door: Door, outcome: Outcome, isJson: boolean | undefined): void {
  door.print(isJson ? JSON.stringify({ format: "triad-outcome/1", ...outcome }) : outcome.summary);
  door.exit(outcome.exitCode);
}

export function tellAnswer(door: Door, answer: Answer, isJson: boolean | undefined): void {
  door.print(isJson ? JSON.stringify(answer.data) : answer.summary);
}
