// Which listeners in a node's namespace are the agent's own. A fault takes ports there (actions/port.ts) and writes the
// holder's PID to a note. Only sockets of that process are removed from a node's listeners.

import { readFileSync } from "node:fs";
import { holds } from "./tree.ts";

export const notesFolder = "/run/triad";

/** The note with the PID of the process that holds a port, for the node with this PID 1. */
export function holderNote(pid: number): string {
  return `${notesFolder}/port-holder-${pid}`;
}

/** True when the agent's own holder has the socket open. A note without a process means nothing. */
export function isHeldByAgent(pid: number, inode: string): boolean {
  try {
    return holds(Number(readFileSync(holderNote(pid), "utf8")), `socket:[${inode}]`);
  } catch {
    return false;
  }
}
