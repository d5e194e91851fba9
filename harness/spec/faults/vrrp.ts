// Faults of the VIP and of VRRP.

import { z } from "zod";
import { kind, node, onNode, runsOn } from "./kind.ts";

const priority = z.int().min(1).max(255).default(255).describe("priority of the adverts, 1 to 255");

export const vrrpFaults = {
  "vip-removed": kind({
    does: "The VIP is deleted from the node's interface without keepalived's knowledge.",
    options: onNode,
    words: (spec) => `vip-removed ${spec.node}`,
    traits: { ...runsOn, gate: "vip" },
    examples: [{ node: "alpha" }],
  }),
  "vip-added": kind({
    does: "The VIP is added to the node's interface without keepalived's knowledge.",
    options: onNode,
    words: (spec) => `vip-added ${spec.node}`,
    traits: runsOn,
    examples: [{ node: "beta" }],
  }),
  outranked: kind({
    does: "The node receives one VRRP advert of a higher priority in its peer's name, so that its keepalived becomes BACKUP.",
    options: onNode,
    words: (spec) => `outranked ${spec.node}`,
    traits: { ...runsOn, leavesMaster: true },
    examples: [{ node: "alpha" }],
  }),
  "forge-vrrp": kind({
    does: "The client host sends VRRP adverts of the highest priority to the group and to every node on the zone segment.",
    options: z.strictObject({ node: node.describe("the node that they would unseat"), priority }),
    words: (spec) => `forged VRRP of priority ${spec.priority} against ${spec.node}`,
    traits: runsOn,
    examples: [{ node: "alpha" }],
  }),
  "forge-control": kind({
    does: "A host on the control segment sends VRRP adverts of the highest priority, to the node's address and to the group, without authentication and with a wrong one: from a foreign address to both service nodes, or in the name of the node's peer to the node alone.",
    options: z.strictObject({
      node: node.describe("the node that they would unseat"),
      as: z
        .enum(["foreign", "peer"])
        .describe("foreign: from an address of no node, to both service nodes; peer: in the name of the node's peer"),
      priority,
    }),
    words: ({ as, priority: rank, node: target }) =>
      `forged VRRP of priority ${rank} against ${target} on the control segment, ${as === "peer" ? "in the name of its peer" : "by a foreign host"}`,
    // Nothing in VRRP tells an advert in the peer's name from one of the peer.
    traits: ({ as }) => ({ ...runsOn, leavesMaster: as === "peer" }),
    examples: [
      { node: "alpha", as: "foreign" },
      { node: "alpha", as: "peer" },
    ],
  }),
  "vip-claimed": kind({
    does: "A host that is none of the zone says by gratuitous ARP, again and again, that the VIP is its own. It answers nothing.",
    options: z.strictObject({
      node: node.describe("the node whose kernel shows that the claims arrive"),
      everyMs: z.int().min(10).max(60_000).default(200).describe("time between two claims"),
    }),
    words: (spec) => `the VIP claimed by a foreign host every ${spec.everyMs} ms, as ${spec.node} sees it`,
    traits: runsOn,
    examples: [{ node: "alpha" }],
  }),
};
