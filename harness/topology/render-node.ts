// Renders node.json of one node, which docs/node-contract.md describes. Pure.

import { type NodeName, isServiceNode, nodeNames, otherServiceNode } from "#spec/node.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { ZonePlan } from "./plan.ts";

/** How a zone reads from its peer zone. */
export interface ExchangeSettings {
  /** Facts in one request. */
  pageFacts: number;
  /** Wait before the next request after an answer without new facts. */
  idleMs: number;
}

export const exchangeSettings: ExchangeSettings = {
  pageFacts: 500,
  idleMs: 100,
};

/** What a service node knows of the other zone of a pair. */
export interface PeerZone {
  zoneId: string;
  vip: string;
  rpcPort: number;
  /** The node's address on the segment between the zones. Nothing listens on it. */
  ownAddress: string;
  exchange: ExchangeSettings;
}

/** What a node knows of itself and of its zone. */
export interface NodeFile {
  name: NodeName;
  zoneId: string;
  vip: string;
  vipPrefix: number;
  rpcPort: number;
  zoneAddress: string;
  /** alpha and beta only, as is `peer`. */
  controlAddress?: string;
  peer?: { name: NodeName; controlAddress: string };
  /** alpha and beta of a zone that has a peer zone. */
  peerZone?: PeerZone;
  /** The other two nodes. */
  routes: { name: NodeName; address: string }[];
  spec: ZoneSpec;
}

/** The complete node.json of `name`. */
export function renderNode(plan: ZonePlan, name: NodeName): string {
  const own = plan.nodes[name];
  const file: NodeFile = {
    name,
    zoneId: plan.spec.zoneId,
    vip: plan.vip,
    vipPrefix: prefixLengthOf(plan.zoneSubnet),
    rpcPort: plan.contract.ports.rpc,
    zoneAddress: own.zoneAddress,
    routes: nodeNames
      .filter((other) => other !== name)
      .map((other) => ({ name: other, address: plan.nodes[other].zoneAddress })),
    spec: plan.spec,
  };
  if (isServiceNode(name)) {
    const peer = otherServiceNode(name);
    file.controlAddress = controlAddressOf(plan, name);
    file.peer = { name: peer, controlAddress: controlAddressOf(plan, peer) };
    if (plan.peer && own.peerAddress)
      file.peerZone = {
        zoneId: plan.peer.zoneId,
        vip: plan.peer.vip,
        rpcPort: plan.contract.ports.rpc,
        ownAddress: own.peerAddress,
        exchange: exchangeSettings,
      };
  }
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** 24 for "198.18.0.0/24". */
export function prefixLengthOf(subnet: string): number {
  return Number(subnet.split("/")[1]);
}

/** A service node's address on the control segment. A plan without it is a defect of the harness. */
export function controlAddressOf(plan: ZonePlan, name: NodeName): string {
  const address = plan.nodes[name].controlAddress;
  if (address === undefined) throw new TypeError(`${name} has no control address`);
  return address;
}
