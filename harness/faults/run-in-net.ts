// Runs the agent's own programs in a node's network namespace: nft, tc, ip. The node image needs none of them.

import { HarnessError } from "#base/errors.ts";
import type { NodeName } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";

const timeoutMs = 5_000;
/** Of a command in a message, in characters: some carry whole programs. */
const commandMax = 120;

/** @returns its standard output. @throws HarnessError `fault/no-effect` when it fails */
export async function inNet(zone: StartedZone, node: NodeName, argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryInNet(zone, node, argv);
  if (code !== 0) {
    const command = argv.join(" ").replaceAll(/\s+/g, " ").slice(0, commandMax);
    throw new HarnessError("fault/no-effect", `${command} on ${node}: ${stderr.trim()}`);
  }
  return stdout;
}

/** The same. The program may end with any exit code. */
export function tryInNet(zone: StartedZone, node: NodeName, argv: string[]) {
  return zone.askNode(node, { do: "run-inside", namespaces: ["net"], argv, timeoutMs });
}

/** The node's interface that carries this address. @throws HarnessError `fault/no-effect` when none does */
export async function deviceWith(
  zone: StartedZone,
  node: NodeName,
  address: string,
): Promise<{ device: string; prefix: string }> {
  const line = await inNet(zone, node, ["ip", "-4", "-o", "address", "show", "to", `${address}/32`]);
  const match = /^\d+:\s+(\S+)\s+inet \S+\/(\d+)/.exec(line);
  if (!match) throw new HarnessError("fault/no-effect", `no interface of ${node} carries ${address}`);
  return { device: match[1]!, prefix: match[2]! };
}
