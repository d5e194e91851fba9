// Compares a run's folder with itself: the files with their digests, the histories with the plan, and everything that
// the reports show with what the histories give today.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { readRegular } from "#base/regular-file.ts";
import { decodeVerdicts, disagreements, encodeVerdicts, rewordings } from "#report/verdicts-file.ts";
import type { VerdictsFile } from "#spec/verdict.ts";
import { isOwnPlan, missingBinding } from "./binding.ts";
import { type Digests, differences, digestsOf } from "./digests.ts";
import { unplannedFolders } from "../judge-folder.ts";
import { readRunFacts } from "../evidence-folder.ts";
import { type Judgement, judgeSaved, judgement } from "../judge-saved.ts";
import { readPlan } from "../plan.ts";
import { reportNames, verdictsName } from "./report-names.ts";
import { writeReports } from "../write-reports.ts";

export interface Checked {
  file: VerdictsFile;
  /** What differs, one sentence each. Empty when the folder agrees with itself. */
  differences: string[];
  /** What a person should know although it is no difference. */
  notes: string[];
}

const textBytesMax = 256 << 20;
const linesMax = 12;

/**
 * Judges the folder again.
 *
 * @param isWriting writes the reports again. The digests of the evidence stay those of the run.
 * @throws HarnessError `usage/not-evidence`
 */
export function checkFolder(folder: string, isWriting = false): Checked {
  if (!existsSync(join(folder, verdictsName))) return judgedFirst(folder);
  const text = readText(folder, verdictsName);
  const saved = decodeVerdicts(text);
  const changed = changedFiles(folder, saved.files);
  const again = judgement(folder, changed);
  const verdicts = disagreements(saved, again.file);
  const texts = otherTexts(folder, { saved, text, again, changed });
  // Another version may have other words for the same verdicts.
  const isOwn = isOwnPlan(again.plan);
  if (isWriting) writeReports(folder, again, saved.files);
  return {
    file: again.file,
    differences: [
      ...atMost(linesMax, [...changed.values()]),
      ...unplannedFolders(folder, again.plan).map((name) => `scenarios/${name} is no scenario of the plan`),
      ...verdicts.map((line) => `differs from the saved verdict: ${line}`),
      ...(isOwn ? texts.map(({ line }) => line) : []),
    ],
    notes: [
      ...missingBinding(again.plan, saved.files !== undefined),
      ...(isOwn ? [] : otherWords(texts)),
      ...reworded(saved, again.file),
    ],
  };
}

/**
 * A run that was killed left its evidence and no verdicts: they are written now. A run that ended wrote its verdicts
 * itself, so somebody removed them.
 */
function judgedFirst(folder: string): Checked {
  const { ended } = readRunFacts(folder);
  if (ended === undefined)
    throw new HarnessError("usage/not-evidence", `${folder} has no ${verdictsName}, although its run ended`);
  const note = `the run left no ${verdictsName}: this check wrote it and the reports. Nothing shows later edits of the evidence`;
  return { file: judgeSaved(folder), differences: [], notes: [note] };
}

/** Without digests an older folder is believed, and one of this format is not. */
function changedFiles(folder: string, files: Digests | undefined): Map<string, string> {
  if (files) return differences(files, digestsOf(folder));
  const { format } = readPlan(folder);
  if (format === "triad-plan/1") return new Map();
  return new Map([["plan.json", `${verdictsName} holds no digests of the files`]]);
}

interface Compared {
  saved: VerdictsFile;
  text: string;
  again: Judgement;
  changed: ReadonlyMap<string, string>;
}

/** Every text that was saved, against the one that the evidence gives now. */
function otherTexts(folder: string, { saved, text, again, changed }: Compared): TextDifference[] {
  const { files } = saved;
  const now = encodeVerdicts(files ? { ...again.file, files } : again.file);
  const lines = [difference(verdictsName, text, now)];
  for (const name of reportNames) {
    if (changed.has(name)) continue;
    const found = existsSync(join(folder, name)) ? readText(folder, name) : "";
    lines.push(difference(name, found, again.texts[name]));
  }
  return lines.filter((line) => line !== undefined);
}

/** Texts of another version in one sentence. */
function otherWords(texts: readonly TextDifference[]): string[] {
  return texts.length === 0 ? [] : [`other text than this version writes: ${texts.map(({ name }) => name).join(", ")}`];
}

interface TextDifference {
  name: string;
  line: string;
}

function difference(name: string, saved: string, now: string): TextDifference | undefined {
  if (saved === now) return undefined;
  const [before, after] = [saved.split("\n"), now.split("\n")];
  const at = after.findIndex((line, place) => line !== before[place]);
  const line = at < 0 ? after.length : at + 1;
  const [found, expected] = [brief(before[line - 1]), brief(after[line - 1])];
  return { name, line: `${name} is not what the evidence gives: line ${line} is ${found}, expected ${expected}` };
}

function reworded(saved: VerdictsFile, again: VerdictsFile): string[] {
  const count = rewordings(saved.entries, again.entries).length;
  return count === 0 ? [] : [`same verdict, other words for the reason: ${count} of ${again.entries.length} entries`];
}

function readText(folder: string, name: string): string {
  return readRegular(join(folder, name), { code: "usage/not-evidence", root: folder, bytesMax: textBytesMax });
}

function brief(line: string | undefined): string {
  if (line === undefined) return "absent";
  const text = line.trim();
  return text.length > 60 ? `"${text.slice(0, 60)}…"` : `"${text}"`;
}

function atMost(count: number, lines: readonly string[]): string[] {
  return lines.length <= count ? [...lines] : [...lines.slice(0, count), `and ${lines.length - count} more files`];
}
