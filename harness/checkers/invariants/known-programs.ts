// Which processes of a node are none of the known programs, by the process table of an inspection. The programs are
// known by file and arguments, so a renamed copy or another program of the same interpreter is found. INV-2 asks it;
// the file decides no entry.

import type { InspectedProcess, InspectionEvent } from "#history/event.ts";
import { isServiceNode } from "#spec/node.ts";
import { type KnownProgram, knownPrograms } from "#spec/programs.ts";

/** The first process that the node may not run, in words; undefined when there is none. */
export function unknownProgram({ node, processes }: InspectionEvent): string | undefined {
  const programs = knownPrograms.filter(({ isOfService }) => isServiceNode(node) || !isOfService);
  const counts = new Map<KnownProgram, number>();
  for (const process of processes) {
    const program = programOf(process, programs);
    if (!program) return `process ${process.pid} is "${wordsFor(process)}"`;
    const parent = processes.find(({ pid }) => pid === process.parent);
    // Between fork and exec a child looks like its parent.
    if (parent && programOf(parent, programs) === program) continue;
    const count = (counts.get(program) ?? 0) + 1;
    counts.set(program, count);
    if (program.most !== undefined && count > program.most)
      return `process ${process.pid} is ${program.name} number ${count}: "${wordsFor(process)}"`;
  }
  return undefined;
}

/** Whether the inspection has what the question needs. Recordings of older versions name no program file. */
export function namesPrograms({ processes }: InspectionEvent): boolean {
  return processes.length > 0 && processes.every(({ exe }) => exe !== undefined);
}

function programOf({ exe = "", argv }: InspectedProcess, programs: readonly KnownProgram[]): KnownProgram | undefined {
  const words = argv.join(" ");
  return programs.find((one) => one.exe.test(exe) && one.argv.test(words));
}

function wordsFor({ exe = "", argv }: InspectedProcess): string {
  const words = argv.join(" ");
  return (words.startsWith(exe) ? words : `${exe}: ${words}`).slice(0, 100);
}
