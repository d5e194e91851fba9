// What the nodes of a history are like: the reference node, or the one that the header describes.

import type { InspectedProcess } from "#history/event.ts";
import type { HistoryView } from "#history/view.ts";
import { type JudgedNode, judgedNodeOf, type ProgramName } from "#spec/contract/node-contract.ts";
import { answersTo } from "#spec/program.ts";

export function nodeOf(view: HistoryView): JudgedNode {
  return judgedNodeOf(view.history.header);
}

/** Is the process this program of the node? */
export function isProgram(view: HistoryView, program: ProgramName, process: InspectedProcess): boolean {
  return answersTo(program, process, nodeOf(view).programs);
}
