// What `npm run early-ends` is asked for and prints. Pure.

import { HarnessError } from "#base/errors.ts";
import { type Moment, momentWords } from "./moments.ts";

export interface EndRow {
  way: string;
  moment: Moment;
  /** Exit code; null when none was seen. */
  code: number | null;
  /** From the end that was asked for to the end of the process. */
  tookS: number;
  /** Scenarios that were judged before. */
  judged: number;
  /** What is not as documented. */
  wrong: string[];
}

/** Names of a list with commas, all of them by default. @throws HarnessError `usage/bad-value` */
export function chosen<Name extends string>(asked: string | undefined, known: readonly Name[]): Name[] {
  const names = asked?.split(",") ?? [...known];
  const strange = names.find((name) => !known.some((one) => one === name));
  if (strange !== undefined)
    throw new HarnessError("usage/bad-value", `there is no "${strange}"`, { expected: known.join(", ") });
  return names as Name[];
}

export const tableHead = [
  "| way | moment | judged before | exit | ended after | not as documented |",
  "| --- | --- | --- | --- | --- | --- |",
];

export function rowLine({ way, moment, code, tookS, judged, wrong }: EndRow): string {
  const cells = [way, momentWords[moment], String(judged), String(code ?? "-"), `${tookS} s`, wrong.join("; ") || "-"];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}
