// Which processes of a node are none of the known programs, by the process table of an inspection. The programs are
// known by file and arguments, so a renamed copy or another program of the same interpreter is found. INV-2 asks it;
// the file decides no entry.

import type { HistoryHeader, InspectedProcess, InspectionEvent } from "#history/event.ts";
import { isHostProgram } from "#spec/contract/host-programs.ts";
import type { JudgedNode } from "#spec/contract/node-contract.ts";
import { isServiceNode } from "#spec/node.ts";
import { fits } from "#spec/program.ts";
import { controllerContainer, type KnownProgram, programsOf } from "#spec/programs.ts";

/** The first process that the node may not run, in words; undefined when there is none. */
export function unknownProgram(
  inspection: InspectionEvent,
  { controller, node: foreign }: Pick<HistoryHeader, "controller" | "node">,
): string | undefined {
  if (foreign) return unknownForeign(inspection, foreign);
  const { node, processes } = inspection;
  const all = programsOf(controller ? "image" : "reference");
  const programs = all.filter(({ isOfService }) => isServiceNode(node) || !isOfService);
  const mayContain = isServiceNode(node) && controller !== undefined;
  const counts = new Map<KnownProgram, number>();
  for (const process of processes) {
    // Inside the container the program is the controller. The runtime above it is one of the known programs.
    if (process.container === controllerContainer && mayContain) continue;
    const program = process.container === undefined ? programOf(process, programs) : undefined;
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

/** On a node of another vendor: what is neither of its contract, nor named by its profile, nor of a host's system. */
function unknownForeign({ processes }: InspectionEvent, node: JudgedNode): string | undefined {
  const rules = [...Object.values(node.programs ?? {}), ...node.others];
  const unknown = processes.find((one) => !rules.some((rule) => fits(rule, one)) && !isHostProgram(one.exe ?? ""));
  return unknown && `process ${unknown.pid} is "${wordsFor(unknown)}"`;
}

function programOf({ exe = "", argv }: InspectedProcess, programs: readonly KnownProgram[]): KnownProgram | undefined {
  const words = argv.join(" ");
  return programs.find((one) => one.exe.test(exe) && one.argv.test(words));
}

function wordsFor({ exe = "", argv }: InspectedProcess): string {
  const words = argv.join(" ");
  return (words.startsWith(exe) ? words : `${exe}: ${words}`).slice(0, 100);
}
