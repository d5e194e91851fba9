// The score of a mutation run by folder, from Stryker's report. A survivor that explained.yaml lists changes nothing
// that a zone could leave; it does not count. Nor does one that only decides between two equal times.

import { dirname } from "node:path";

interface Position {
  line: number;
  column: number;
}

export interface Mutant {
  status: "Killed" | "Timeout" | "Survived" | "NoCoverage" | "Ignored" | "RuntimeError" | "CompileError" | "Pending";
  mutatorName: string;
  replacement?: string;
  location: { start: Position; end: Position };
}

export interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

/** Why a mutant may survive. */
export interface Explanation {
  file: string;
  /** The line on which the mutated code begins. */
  line: string;
  /** What the mutated code becomes. */
  becomes: string;
  because: string;
}

const columns = ["mutants", "killed", "refused", "survived", "uncovered", "explained", "equalTimes"] as const;

/** `refused`: by the compiler. `uncovered`: no test reaches it, and it is not explained. */
type Counts = Record<(typeof columns)[number], number>;

interface Survivor {
  file: string;
  lineNumber: number;
  line: string;
  code: string;
  becomes: string;
}

interface Score {
  folders: Map<string, Counts>;
  total: Counts;
  survivors: Survivor[];
  /** Explanations of mutants that were tried and do not survive. */
  stale: Explanation[];
}

/** The share of mutants that may survive. */
export const survivorsMax = 0.05;

const counted = new Set<Mutant["status"]>([
  "Killed",
  "Timeout",
  "RuntimeError",
  "CompileError",
  "Survived",
  "NoCoverage",
]);

export function isAlive({ status }: Mutant): boolean {
  return status === "Survived" || status === "NoCoverage";
}

export function scoreOf({ files }: Report, explained: readonly Explanation[]): Score {
  const folders = new Map<string, Counts>();
  const total = noCounts();
  const survivors: Survivor[] = [];
  const used = new Set<Explanation>();
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const folder = dirname(file);
    const counts = folders.get(folder) ?? noCounts();
    folders.set(folder, counts);
    for (const mutant of mutants.filter(({ status }) => counted.has(status))) {
      const survivor = survivorOf(file, source, mutant);
      const reason = isAlive(mutant) ? explained.find((one) => isReason(one, survivor)) : undefined;
      if (reason) used.add(reason);
      const column = reason ? "explained" : columnOf(mutant, survivor);
      if (column === "survived" || column === "uncovered") survivors.push(survivor);
      for (const sum of [counts, total]) {
        sum.mutants += 1;
        sum[column] += 1;
      }
    }
  }
  return { folders, total, survivors, stale: explained.filter((one) => files[one.file] && !used.has(one)) };
}

function noCounts(): Counts {
  return Object.fromEntries(columns.map((column) => [column, 0])) as Counts;
}

function columnOf({ status, mutatorName }: Mutant, survivor: Survivor): keyof Counts {
  if (status === "CompileError") return "refused";
  if (status !== "Survived" && status !== "NoCoverage") return "killed";
  if (mutatorName === "EqualityOperator" && isOfEqualTimes(survivor)) return "equalTimes";
  return status === "Survived" ? "survived" : "uncovered";
}

/** A time of a history: in nanoseconds, since the machine started. */
const time = /Ns\b|\bt\b/;

/** `<` for `<=` or the like, between two times. Equal ones are of one sample, or equal by chance. */
function isOfEqualTimes({ code, becomes }: Survivor): boolean {
  const [from, to] = [code, becomes].map((text) => text.replace(/([<>])=/, "$1"));
  return from === to && time.test(code);
}

export function share({ survived, uncovered, mutants }: Counts): number {
  return (survived + uncovered) / Math.max(1, mutants);
}

function isReason({ file, line, becomes }: Explanation, survivor: Survivor): boolean {
  return file === survivor.file && line === survivor.line && becomes === survivor.becomes;
}

function survivorOf(file: string, source: string, mutant: Mutant): Survivor {
  const [, code] = around(source, mutant);
  const { line: lineNumber } = mutant.location.start;
  const line = source.split("\n")[lineNumber - 1]!.trim();
  return { file, lineNumber, line, code: onOneLine(code), becomes: onOneLine(mutant.replacement ?? "") };
}

/** The source with the mutant in it. */
export function mutated(source: string, mutant: Mutant): string {
  const [before, , after] = around(source, mutant);
  return `${before}${mutant.replacement ?? ""}${after}`;
}

/** The source before the mutated code, that code, and the source behind it. */
function around(source: string, { location: { start, end } }: Mutant): [string, string, string] {
  const lines = source.split("\n");
  const offsetOf = ({ line, column }: Position) => [...lines.slice(0, line - 1), ""].join("\n").length + column - 1;
  const [from, to] = [offsetOf(start), offsetOf(end)];
  return [source.slice(0, from), source.slice(from, to), source.slice(to)];
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

export function scoreText({ folders, total, survivors, stale }: Score): string {
  const row = (name: string, counts: Counts) =>
    `| ${[name, ...columns.map((column) => counts[column]), `${(100 * share(counts)).toFixed(1)}%`].join(" | ")} |`;
  return [
    "",
    "| folder | mutants | killed | refused by tsc | survived | not reached | explained | equal times | alive |",
    `|${" --- |".repeat(columns.length + 2)}`,
    ...[...folders].sort(([a], [b]) => a.localeCompare(b)).map(([name, counts]) => row(name, counts)),
    row("all", total),
    "",
    ...survivors.map(({ file, lineNumber, code, becomes }) => `${file}:${lineNumber}: ${code} -> ${becomes}`),
    ...stale.map(({ file, line, becomes }) => `explained and not surviving: ${file}: ${line} -> ${becomes}`),
    "",
  ].join("\n");
}
