// A scenario file as a plan holds it: with its text and the digest of that. A copy lies in the evidence folder, where a
// person finds it.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "#base/regular-file.ts";
import { parseScenario, type ScenarioFile } from "#scenario-file/parse-scenario.ts";
import { bytesMax } from "#scenario-file/source.ts";
import type { ScenarioSpec } from "#spec/scenario.ts";

export interface ReplayedFile {
  /** Of the copy, in the folder of replayed files. */
  name: string;
  /** Of the text, in hex. */
  sha256: string;
  text: string;
}

interface Planned {
  name: string;
  seed: number;
  file?: ReplayedFile;
}

/** In the evidence folder. */
const folderName = "replayed";
const parsed = new Map<string, ScenarioFile>();

export function replayedFile(name: string, text: string): ReplayedFile {
  return { name: `${name}.yaml`, sha256: digestOf(text), text };
}

/** The scenario of a repeat; its seed draws the chances. @throws HarnessError `usage/bad-scenario` */
export function replayedScenario({ name, seed }: Planned, file: ReplayedFile): ScenarioSpec {
  const known = parsed.get(file.text) ?? parseScenario(file.text, file.name);
  parsed.set(file.text, known);
  return known.scenario({ name, seed });
}

export function writeReplayed(folder: string, scenarios: readonly Planned[]): void {
  const files = new Map(scenarios.flatMap(({ file }) => (file ? [[file.name, file.text] as const] : [])));
  if (files.size > 0) mkdirSync(join(folder, folderName));
  for (const [name, text] of files) writeFileSync(join(folder, folderName, name), text, { flag: "wx" });
}

export function removeReplayed(folder: string): void {
  rmSync(join(folder, folderName), { recursive: true, force: true });
}

/** Why the files of a folder are not those of its plan; undefined when they are. */
export function otherReplayed(folder: string, scenarios: readonly Planned[]): string | undefined {
  for (const { file } of scenarios) {
    if (!file) continue;
    const path = join(folder, folderName, file.name);
    if (digestOf(file.text) !== file.sha256) return `the plan holds another ${file.name} than its digest says`;
    if (!existsSync(path)) return `${folderName}/${file.name} is missing`;
    const text = readRegular(path, { code: "usage/not-evidence", root: folder, bytesMax });
    if (text !== file.text) return `${folderName}/${file.name} is not the file of the plan`;
  }
  return undefined;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
