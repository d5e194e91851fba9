// What nft and tc answer in a node's network namespace, for unit tests.

import type { RunResult } from "#protocol/commands/node.ts";

export interface FakeNetwork {
  /** Names of nft tables. */
  tables: Set<string>;
  /** Kinds of the qdiscs by interface. */
  qdiscs: Map<string, string>;
  /** Of the node's interfaces. */
  macs: string[];
  /** The address of eth0, with its prefix length. */
  own: string;
}

export const freshNetwork = (macs: string[]): FakeNetwork => ({ tables: new Set(), qdiscs: new Map(), macs, own: "" });

/** Undefined for a program that is none of the network. */
export function networkProgram(network: FakeNetwork, argv: readonly string[]): RunResult | undefined {
  const [program, ...rest] = argv;
  if (program === "nft") return nft(network, rest.join(" "));
  if (program === "tc") return tc(network, rest);
  if (program === "sh" && /relay|vip-claimed|ip link show tap/.test(rest.join(" "))) return done("");
  if (program === "ip") return ip(network, rest.join(" "));
  return undefined;
}

function nft({ tables }: FakeNetwork, text: string): RunResult {
  const name = /netdev (\w+)/.exec(text)?.[1] ?? "";
  if (text.startsWith("list")) return tables.has(name) ? done("counter packets 7 bytes 420") : failed("No such file");
  if (text.includes("{")) tables.add(name);
  else tables.delete(name);
  return done("");
}

/** Undefined for what the fake of the VIP answers. Every interface of the fake is eth0. */
function ip(network: FakeNetwork, text: string): RunResult | undefined {
  if (text.startsWith("-o link show")) return done("2: eth0@if5: <UP>");
  if (text === "-o link") return done(`2: eth0@if5: <UP> link/ether ${network.macs.join(" ")}`);
  if (text.startsWith("-4 address flush")) return ((network.own = ""), done(""));
  if (text.startsWith("address replace")) return ((network.own = text.split(" ")[2] ?? ""), done(""));
  if (text.startsWith("-4 -o address show dev"))
    return done(network.own && `2: eth0    inet ${network.own} scope global`);
  return undefined;
}

function tc({ qdiscs }: FakeNetwork, [, action, , device = "", , kind = ""]: readonly string[]): RunResult {
  if (action === "show") return done(`qdisc ${qdiscs.get(device) ?? "noqueue"} 1: root`);
  if (action === "replace") qdiscs.set(device, kind);
  else if (!qdiscs.delete(device)) return failed("Cannot delete qdisc with handle of zero.");
  return done("");
}

const done = (stdout: string): RunResult => ({ code: 0, stdout, stderr: "" });
const failed = (stderr: string): RunResult => ({ code: 1, stdout: "", stderr });
