// Which survivors the compiler refuses: `npm run check` compiles, so such a change does not pass. One survivor of each
// file is put into a copy of the tree at a time, and tsc runs once for all of them. A change could break another file
// that has a survivor of its own, so each refused one is tried again, with other partners.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, type Mutant, mutated, type Report } from "./score.ts";

const copied = ["harness", "fixtures/corpus", "package.json", "tsconfig.json"];

/** Their status becomes `CompileError`. */
export function markRefused({ files }: Report, root: string): void {
  const copy = mkdtempSync(join(tmpdir(), "triad-types-"));
  try {
    for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    const alive = Object.entries(files).map(([file, { source, mutants }]) => {
      return { file, source, mutants: mutants.filter(isAlive) };
    });
    const once = refusedAmong(alive, root, copy);
    const again = alive.map((one) => ({
      ...one,
      mutants: one.mutants.filter((mutant) => once.has(mutant)).toReversed(),
    }));
    for (const mutant of refusedAmong(again, root, copy)) mutant.status = "CompileError";
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

interface Tried {
  file: string;
  source: string;
  mutants: readonly Mutant[];
}

/** One mutant of each file at a time. */
function refusedAmong(all: readonly Tried[], root: string, copy: string): Set<Mutant> {
  const refused = new Set<Mutant>();
  const rounds = Math.max(0, ...all.map(({ mutants }) => mutants.length));
  for (let round = 0; round < rounds; round += 1) {
    const now = all.map(({ file, source, mutants }) => ({ file, source, mutant: mutants[round] }));
    for (const { file, source, mutant } of now)
      writeFileSync(join(copy, file), mutant ? mutated(source, mutant) : source);
    const withErrors = filesWithErrors(root, copy);
    for (const { file, mutant } of now) if (mutant && withErrors.has(file)) refused.add(mutant);
  }
  for (const { file, source } of all) writeFileSync(join(copy, file), source);
  return refused;
}

function filesWithErrors(root: string, copy: string): Set<string> {
  const settings = {
    extends: "./tsconfig.json",
    include: ["harness/checkers"],
    exclude: ["**/*.test.ts"],
    compilerOptions: { rootDir: ".", incremental: true, tsBuildInfoFile: "checkers.tsbuildinfo" },
  };
  writeFileSync(join(copy, "tsconfig.checkers.json"), JSON.stringify(settings));
  const argv = ["-p", "tsconfig.checkers.json", "--pretty", "false"];
  const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), argv, { cwd: copy, encoding: "utf8" });
  return new Set([...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file]) => file!));
}
