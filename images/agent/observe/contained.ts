// Which processes of a node are in an OCI container on it: they have a PID namespace of their own. The container has
// the name that the runtime above it was given as its last argument. All is read from the kernel.

import { readFileSync, readlinkSync, statSync } from "node:fs";
import type { ProcessWords } from "#spec/program.ts";
import { contract } from "../namespace/contract.ts";
import { parseStat } from "./proc-stat.ts";

const runtimes = ["/usr/bin/crun", "/usr/bin/runc"];
/** A container's processes are not nested deeper than this. */
const depthMax = 16;

export interface ReadProcess extends ProcessWords {
  state: string;
  parent: number;
  startTicks: number;
  /** The first process of its container. It stands for the container where processes are counted. */
  isFirst: boolean;
}

/** What a process of the node says of itself. @throws when it has ended */
export function readProcess(pid: number, nodePid: number): ReadProcess {
  const { comm, state, parent, startTicks } = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
  const own = spaceOf(pid);
  const words = { name: comm, argv, state, parent, startTicks, ...foreignWords(pid) };
  if (own === spaceOf(nodePid)) return { ...words, isFirst: false };
  return { ...words, isFirst: spaceOf(parent) !== own, container: containerAbove(parent, nodePid) };
}

const unitShape = /[^/]+\.(?:service|scope|socket|mount)(?=\/|$)/gm;

/** What a profile's rules may ask for beside name and arguments. The reference node's rules ask for neither. */
function foreignWords(pid: number): { exe?: string; unit?: string } {
  if (contract.isReference) return {};
  const exe = readlinkSync(`/proc/${pid}/exe`);
  const unit = lastUnitIn(readFileSync(`/proc/${pid}/cgroup`, "utf8"));
  return { exe, ...(unit === undefined ? {} : { unit }) };
}

/** @param cgroup text of /proc/PID/cgroup: one hierarchy a line, and systemd's own is the last. */
export function lastUnitIn(cgroup: string): string | undefined {
  return cgroup.match(unitShape)?.at(-1);
}

/**
 * The program file that a process runs, as the node names it. crun runs from a mount of its own file that no path leads
 * to, so the kernel names it "/"; then the file itself is compared. @throws when the process has ended
 */
export function programFileOf(pid: number, nodePid: number): string {
  const path = readlinkSync(`/proc/${pid}/exe`);
  if (path !== "/") return path;
  return runtimes.find((one) => isSameFile(`/proc/${pid}/exe`, `/proc/${nodePid}/root${one}`)) ?? path;
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function containerAbove(start: number, nodePid: number): string {
  const nodeSpace = spaceOf(nodePid);
  for (let pid = start, depth = 0; pid > 0 && depth < depthMax; depth += 1) {
    if (spaceOf(pid) === nodeSpace) {
      const isRuntime = runtimes.includes(programFileOf(pid, nodePid));
      return isRuntime ? (readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean).at(-1) ?? "") : "";
    }
    pid = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1")).parent;
  }
  return "";
}

function spaceOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/ns/pid`);
}
