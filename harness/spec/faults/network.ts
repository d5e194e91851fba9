// Faults of the network between the nodes.

import { z } from "zod";
import { nodeNames } from "../node.ts";
import { direction, isPeerOnly, kind, node, runsOn, segments, zoneAndControl } from "./kind.ts";

/** Nodes, and the client host. */
const peers = z
  .array(z.enum([...nodeNames, "clients"]))
  .min(1)
  .optional();

export const networkFaults = {
  "link-down": kind({
    does: "The node's interfaces on the given segments go down.",
    options: z.strictObject({ node, segments }),
    words: (spec) => `link-down ${spec.node} (${spec.segments.join(", ")})`,
    traits: ({ segments: given }) => ({
      ...runsOn,
      failover: isPeerOnly(given) ? "none" : "abrupt",
      leavesMaster: !isPeerOnly(given),
    }),
    examples: [{ node: "alpha", segments: ["zone", "control"] }],
  }),
  cut: kind({
    does: "Packets between the node and others are dropped, ARP too. The spec chooses peers, segments and direction.",
    options: z.strictObject({
      node,
      peers: peers.describe("nodes, and `clients` for the client host, that it is cut from (default: all)"),
      segments: zoneAndControl,
      direction,
    }),
    words: (spec) => {
      const way = spec.direction === "both" ? "" : `, ${spec.direction} only`;
      return `cut ${spec.node} from ${spec.peers?.join(", ") ?? "all others"} (${spec.segments.join(", ")}${way})`;
    },
    traits: ({ peers: from, segments: given }) => ({
      ...runsOn,
      failover: isPeerOnly(given) ? "none" : "abrupt",
      // Without the routes to both other servers there is no quorum.
      gate: given?.includes("zone") && (from === undefined || from.length >= 2) ? "quorum" : null,
    }),
    examples: [{ node: "alpha" }, { node: "alpha", peers: ["beta", "clients"], segments: ["zone"], direction: "in" }],
    worksOnPaused: true,
  }),
  "packet-filter": kind({
    does: "Packets of one IP protocol are dropped at the node's interface, of one port where the protocol has ports. All other packets pass, ARP too. Protocol 112 is VRRP.",
    options: z.strictObject({
      node,
      protocol: z.int().min(1).max(255).default(112).describe("number of the IP protocol: 112 VRRP, 6 TCP, 17 UDP"),
      port: z.int().min(1).max(65_535).optional().describe("source or destination port, of TCP and UDP"),
      segments: segments.default(["control"]),
      direction,
    }),
    words: ({ node: target, protocol, port, segments: given, direction: way }) => {
      const what = `protocol ${protocol}${port === undefined ? "" : ` port ${port}`}`;
      return `${what} dropped at ${target} (${given.join(", ")}${way === "both" ? "" : `, ${way} only`})`;
    },
    traits: runsOn,
    examples: [
      { node: "beta", protocol: 112, direction: "in" },
      { node: "gamma", protocol: 6, port: 6222, segments: ["zone"] },
    ],
    worksOnPaused: true,
  }),
};
