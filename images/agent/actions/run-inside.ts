// Runs a short program of ours or of the node's in some of a node's namespaces.

import type { RunInsideRequest, RunResult } from "#protocol/commands/node.ts";
import { run } from "../namespace/programs.ts";

const flags = { net: "--net", mnt: "--mount", pid: "--pid" } as const;

export function runInside({ pid, namespaces, argv, timeoutMs }: RunInsideRequest): Promise<RunResult> {
  // The root goes with the mount namespace, so that the program is the node's own.
  const root = namespaces.includes("mnt") ? ["--root", "--wd"] : [];
  const spaces = namespaces.map((name) => flags[name]);
  return run(["nsenter", `--target=${pid}`, ...spaces, ...root, ...argv], { timeoutMs });
}
