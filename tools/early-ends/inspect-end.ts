// What a run that was ended early left: its folder, its exit code, and what `triad check` says of the folder.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "#base/repository.ts";
import { exitCodeOf } from "#report/exit-code.ts";
import { decodeVerdicts } from "#report/verdicts-file.ts";
import type { VerdictsFile } from "#spec/verdict.ts";

const reports = ["verdicts.json", "junit.xml", "report.html", "summary.md"];

export interface End {
  folder: string;
  /** The one that is documented. */
  exit: number | "verdicts";
  /** The one that was seen. */
  code: number | null;
  /** Scenario folders that were judged before the end. */
  judged: readonly string[];
  /** Those, and the ones whose facts had been read back by then. */
  complete: readonly string[];
  /** After a SIGKILL `check` writes the reports. */
  isKilled: boolean;
  /** The run had not taken its folder for good: nothing is left to judge. */
  hadBegun: boolean;
}

/** What `check` printed as JSON. */
interface Checked {
  code: number | null;
  differences: string[];
}

function check(folder: string): Checked {
  const { status, stdout } = spawnSync(join(repository, "triad"), ["check", folder, "--json"], {
    encoding: "utf8",
    timeout: 60_000,
  });
  try {
    const { differences = [] } = JSON.parse(stdout) as Partial<Checked>;
    return { code: status, differences };
  } catch {
    return { code: status, differences: [`check printed no JSON: ${stdout.slice(0, 200)}`] };
  }
}

/** Everything that is not as docs/results.md says; empty when all is. */
export function wrongAt(end: End): string[] {
  if (!end.hadBegun) return wrongBefore(end);
  const wrong: string[] = [];
  const missing = () => reports.filter((name) => !existsSync(join(end.folder, name)));
  if (!end.isKilled && missing().length > 0) wrong.push(`before check there is no ${missing().join(", ")}`);
  const first = check(end.folder);
  if (missing().length > 0) return [...wrong, `after check there is no ${missing().join(", ")}`];
  const file = decodeVerdicts(readFileSync(join(end.folder, "verdicts.json"), "utf8"));
  const expected = exitCodeOf(file.entries);
  for (const one of [first, check(end.folder)]) {
    if (one.code !== expected) wrong.push(`check ends with ${one.code}, and the verdicts ask for ${expected}`);
    wrong.push(...one.differences.map((text) => `check: ${text}`));
  }
  return [...wrong, ...wrongCode(end, expected), ...wrongVerdicts(file, end)];
}

/** A killed run that had not begun leaves a plan and no facts, and `check` refuses it. Any other leaves no folder. */
function wrongBefore(end: End): string[] {
  const { code } = check(end.folder);
  const isLeft = existsSync(end.folder);
  return [
    ...(code === 64 ? [] : [`check of a run that had not begun ends with ${code}, not with 64`]),
    ...(isLeft && !end.isKilled ? ["the folder was not given back"] : []),
    ...wrongCode(end, 2),
  ];
}

function wrongCode({ code, exit }: End, ofVerdicts: number): string[] {
  const expected = exit === "verdicts" ? ofVerdicts : exit;
  return code === expected ? [] : [`it ended with ${code}, not with ${expected}`];
}

function wrongVerdicts({ run, entries }: VerdictsFile, { judged, complete, isKilled }: End): string[] {
  const wrong: string[] = [];
  if (run.ended === undefined) wrong.push("the reports do not say that the run ended early");
  if (isKilled && run.ended !== "its process was killed") wrong.push(`the reports say: ${run.ended}`);
  const findings = entries.flatMap((entry) => entry.scenarios);
  const folderOf = ({ scenario, repeat }: (typeof findings)[number]) => `${scenario}-${repeat}`;
  for (const name of judged) {
    const own = findings.filter((one) => folderOf(one) === name);
    if (!own.some(({ verdict }) => verdict !== "unknown")) wrong.push(`nothing that ${name} showed is in the verdicts`);
  }
  const early = findings.filter((one) => !complete.includes(folderOf(one)) && one.verdict === "kept");
  for (const one of early) wrong.push(`${one.entry} is kept in ${one.scenario}, which did not end`);
  return wrong;
}
