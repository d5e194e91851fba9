// The score of a mutation run by folder, from Stryker's report. A survivor that explained.yaml lists changes nothing
// that a zone could leave; it does not count.

import { dirname } from "node:path";

interface Position {
  line: number;
  column: number;
}

interface Mutant {
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

interface Counts {
  mutants: number;
  /** Not explained. */
  survivors: number;
  explained: number;
}

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

const counted = new Set<Mutant["status"]>(["Killed", "Timeout", "RuntimeError", "Survived", "NoCoverage"]);
const isAlive = ({ status }: Mutant) => status === "Survived" || status === "NoCoverage";

export function scoreOf({ files }: Report, explained: readonly Explanation[]): Score {
  const folders = new Map<string, Counts>();
  const total: Counts = { mutants: 0, survivors: 0, explained: 0 };
  const survivors: Survivor[] = [];
  const used = new Set<Explanation>();
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const folder = dirname(file);
    const counts = folders.get(folder) ?? { mutants: 0, survivors: 0, explained: 0 };
    folders.set(folder, counts);
    for (const mutant of mutants.filter(({ status }) => counted.has(status))) {
      const survivor = survivorOf(file, source, mutant);
      const reason = explained.find((one) => isReason(one, survivor));
      const isExplained = isAlive(mutant) && reason !== undefined;
      if (isExplained) used.add(reason);
      if (isAlive(mutant) && !isExplained) survivors.push(survivor);
      for (const sum of [counts, total]) {
        sum.mutants += 1;
        sum.explained += Number(isExplained);
        sum.survivors += Number(isAlive(mutant) && !isExplained);
      }
    }
  }
  return { folders, total, survivors, stale: explained.filter((one) => files[one.file] && !used.has(one)) };
}

function isReason({ file, line, becomes }: Explanation, survivor: Survivor): boolean {
  return file === survivor.file && line === survivor.line && becomes === survivor.becomes;
}

function survivorOf(file: string, source: string, { location: { start, end }, replacement = "" }: Mutant): Survivor {
  const lines = source.split("\n");
  const inRange = lines.slice(start.line - 1, end.line).map((text, place, all) => {
    const from = place === 0 ? start.column - 1 : 0;
    return text.slice(from, place === all.length - 1 ? end.column - 1 : undefined);
  });
  return {
    file,
    lineNumber: start.line,
    line: lines[start.line - 1]!.trim(),
    code: onOneLine(inRange.join(" ")),
    becomes: onOneLine(replacement),
  };
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

export function scoreText({ folders, total, survivors, stale }: Score): string {
  const row = (name: string, { mutants, survivors: alive, explained }: Counts) =>
    `| ${name} | ${mutants} | ${alive} | ${explained} | ${((100 * alive) / Math.max(1, mutants)).toFixed(1)}% |`;
  return [
    "",
    "| folder | mutants | survivors | explained | survivors, share |",
    "| --- | --- | --- | --- | --- |",
    ...[...folders].sort(([a], [b]) => a.localeCompare(b)).map(([name, counts]) => row(name, counts)),
    row("all", total),
    "",
    ...survivors.map(({ file, lineNumber, code, becomes }) => `${file}:${lineNumber}: ${code} -> ${becomes}`),
    ...stale.map(({ file, line, becomes }) => `explained and not surviving: ${file}: ${line} -> ${becomes}`),
    "",
  ].join("\n");
}
