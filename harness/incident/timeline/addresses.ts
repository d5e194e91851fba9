// Which address is which node. A node says its own address when a program starts. In a log that begins later, the
// address is the one that the other nodes speak of and the node itself never does. Pure.

import { type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import type { NodeLog } from "./node-log.ts";

export type Addresses = ReadonlyMap<string, NodeName>;

export function addressesOf(logs: readonly NodeLog[]): Addresses {
  const known = new Map<string, NodeName>();
  /** Who speaks of an address as another's: on the segment of routes, or in VRRP. */
  const speakers = new Map<string, { nodes: Set<NodeName>; isVrrp: boolean }>();
  for (const { node, seen } of logs) {
    for (const { sign, program } of seen) {
      if (!("address" in sign)) continue;
      if (sign.kind === "own-address") known.set(sign.address, node);
      else {
        const isVrrp = program === "keepalived";
        const entry = speakers.get(sign.address) ?? { nodes: new Set<NodeName>(), isVrrp };
        entry.nodes.add(node);
        speakers.set(sign.address, entry);
      }
    }
  }
  const open = [...speakers].filter(([address]) => !known.has(address));
  for (const [address, { nodes, isVrrp }] of open) {
    const owner = ownerOf(nodes, isVrrp);
    if (owner) known.set(address, owner);
  }
  inferLast(open, known);
  return known;
}

/** The one node that may have the address. */
function ownerOf(nodes: ReadonlySet<NodeName>, isVrrp: boolean): NodeName | undefined {
  const candidates = (isVrrp ? serviceNodes : nodeNames).filter((name) => !nodes.has(name));
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** An address that one node speaks of is the third node's when the second one's is known. */
function inferLast(open: [string, { nodes: ReadonlySet<NodeName>; isVrrp: boolean }][], known: Map<string, NodeName>) {
  const routes = open.filter(([, { isVrrp }]) => !isVrrp);
  for (const [address, { nodes }] of routes) {
    if (known.has(address)) continue;
    const taken = new Set([...known].filter(([other]) => isSameNetwork(other, address)).map(([, node]) => node));
    const candidates = nodeNames.filter((name) => !nodes.has(name) && !taken.has(name));
    if (candidates.length === 1) known.set(address, candidates[0]!);
  }
}

const isSameNetwork = (a: string, b: string): boolean =>
  a.slice(0, a.lastIndexOf(".")) === b.slice(0, b.lastIndexOf("."));
