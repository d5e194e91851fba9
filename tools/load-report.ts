// What `npm run load-cases` was asked for, and what it prints. Pure.

import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { HarnessError } from "#base/errors.ts";
import type { VerdictsFile } from "#spec/verdict.ts";

export interface Counts {
  kept: number;
  broken: string[];
  unknown: string[];
}

export interface CaseRow {
  name: string;
  /** Of the gate. */
  exit: number;
  wallS: number;
  /** Absent when the gate wrote no verdicts. */
  counts?: Counts;
}

const minutesDefault = 120;

interface Asked {
  cases: string[];
  out: string;
  /** The deadline of each gate. */
  minutes: number;
  /** The other arguments, for the gate. */
  gate: string[];
}

/** @throws HarnessError `usage/bad-value` */
export function readArguments(argv: readonly string[], known: readonly string[]): Asked {
  const own = { cases: { type: "string" }, out: { type: "string" }, minutes: { type: "string" } } as const;
  const { values, tokens } = parseArgs({ args: [...argv], options: own, strict: false, tokens: true });
  // An option of the gate and its value stay as they are.
  const ofUs = new Set<number>();
  for (const token of tokens)
    if (token.kind === "option" && token.name in own) {
      ofUs.add(token.index);
      if (token.inlineValue === false) ofUs.add(token.index + 1);
    }
  const cases = String(values.cases ?? known.join(",")).split(",");
  const minutes = Number(values.minutes ?? minutesDefault);
  const strange = cases.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new HarnessError("usage/bad-value", `no case "${strange}"`, { expected: known.join(", ") });
  if (!(minutes >= 1 && minutes <= 600))
    throw new HarnessError("usage/bad-value", `--minutes is ${values.minutes}`, { expected: "1 to 600" });
  if (typeof values.out !== "string") throw new HarnessError("usage/bad-value", "--out is missing");
  return { cases, minutes, out: resolve(values.out), gate: argv.filter((_, index) => !ofUs.has(index)) };
}

/** Entries of the pattern only. */
export function countsOf({ entries }: Pick<VerdictsFile, "entries">): Counts {
  const idsOf = (verdict: string) => entries.filter((one) => one.verdict === verdict).map(({ id }) => id);
  return { kept: idsOf("kept").length, broken: idsOf("broken"), unknown: idsOf("unknown") };
}

export const tableHead = [
  "| case | wall time | exit | kept | broken | unknown |",
  "| --- | --- | --- | --- | --- | --- |",
];

export function rowLine({ name, exit, wallS, counts }: CaseRow): string {
  const listed = (ids: string[]) => (ids.length === 0 ? "0" : `${ids.length}: ${ids.join(", ")}`);
  const verdicts = counts ? [String(counts.kept), listed(counts.broken), listed(counts.unknown)] : ["-", "-", "-"];
  const wall = `${Math.floor(wallS / 60)} min ${wallS % 60} s`;
  return `| ${[name, wall, String(exit), ...verdicts].join(" | ")} |`;
}
