// Which listeners in a node's namespace are the agent's own: the hand takes ports there as a fault (hand/port.ts) and
// leaves a note with the holder's PID. Only a socket that such a process has open is taken out of a node's listeners.

import { readFileSync } from "node:fs";
import { holds } from "./tree.ts";

export const notesFolder = "/run/triad";

/** Holds the PID of the process that holds a port in the network namespace of the node with that PID 1. */
export function holderNote(pid: number): string {
  return `${notesFolder}/port-holder-${pid}`;
}

/** True when the agent's own holder has the socket open. A note without a process says nothing. */
export function isHeldByAgent(pid: number, inode: string): boolean {
  try {
    return holds(Number(readFileSync(holderNote(pid), "utf8")), `socket:[${inode}]`);
  } catch {
    return false;
  }
}
