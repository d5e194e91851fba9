// What nft and tc answer in a node's network namespace, for unit tests.

import type { RunResult } from "#protocol/commands/node.ts";

export interface FakeNetwork {
  /** Names of nft tables. */
  tables: Set<string>;
  /** Kinds of the qdiscs by interface. */
  qdiscs: Map<string, string>;
}

export const freshNetwork = (): FakeNetwork => ({ tables: new Set(), qdiscs: new Map() });

/** Undefined for a program that is none of the network. */
export function networkProgram(network: FakeNetwork, argv: readonly string[]): RunResult | undefined {
  const [program, ...rest] = argv;
  if (program === "nft") return nft(network, rest.join(" "));
  if (program === "tc") return tc(network, rest);
  return undefined;
}

function nft({ tables }: FakeNetwork, text: string): RunResult {
  const name = /netdev (\w+)/.exec(text)?.[1] ?? "";
  if (text.startsWith("list")) return tables.has(name) ? done("counter packets 7 bytes 420") : failed("No such file");
  if (text.includes("{")) tables.add(name);
  else tables.delete(name);
  return done("");
}

function tc({ qdiscs }: FakeNetwork, [, action, , device = "", , kind = ""]: readonly string[]): RunResult {
  if (action === "show") return done(`qdisc ${qdiscs.get(device) ?? "noqueue"} 1: root`);
  if (action === "replace") qdiscs.set(device, kind);
  else if (!qdiscs.delete(device)) return failed("Cannot delete qdisc with handle of zero.");
  return done("");
}

const done = (stdout: string): RunResult => ({ code: 0, stdout, stderr: "" });
const failed = (stderr: string): RunResult => ({ code: 1, stdout: "", stderr });
