// Faults of the network between the nodes.

import { z } from "zod";
import { nodeNames } from "../node.ts";
import { direction, isPeerOnly, kind, node, runsOn, segments, zoneAndControl } from "./kind.ts";

/** Nodes, and the client host. */
const peers = z
  .array(z.enum([...nodeNames, "clients"]))
  .min(1)
  .optional();

/** nft draws with a grain of a hundredth of a percent. */
const percent = z.number().min(0.01).max(100).optional();

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
  "link-impaired": kind({
    does: "What the node sends on the segments is lost, doubled, delayed, out of order or slowed down. Inject it at both ends for both directions. nft drops and doubles frames by chance, tbf limits the rate. A program of the agent delays. On a busy machine a delay of 50 ms was 51 ms at least, 57 ms at the median and 260 ms at most, and one TCP stream under a limit of 4,000 kbit/s got 2,976.",
    options: z.strictObject({
      node,
      segments: zoneAndControl,
      lossPercent: percent.describe("share of the frames that are lost"),
      duplicatePercent: percent.describe("share of the frames that are sent twice"),
      reorderPercent: percent.describe("share of the frames that overtake the delayed ones; needs `delayMs`"),
      delayMs: z.int().min(0).max(60_000).optional().describe("delay of each frame"),
      jitterMs: z
        .int()
        .min(0)
        .max(60_000)
        .optional()
        .describe("the delay varies by so much both ways; the order stays"),
      rateKbit: z
        .int()
        .min(8)
        .max(10_000_000)
        .optional()
        .describe("most that is sent, in kbit/s, Ethernet headers included"),
    }),
    words: ({ node: target, segments: given, ...figures }) => {
      const all = Object.entries(figures).filter(([name]) => name !== "fault");
      return `bad link of ${target} (${given.join(", ")}): ${all.map(([name, value]) => `${name} ${String(value)}`).join(", ")}`;
    },
    traits: runsOn,
    examples: [
      { node: "alpha", lossPercent: 5, segments: ["control"] },
      { node: "gamma", delayMs: 50, jitterMs: 10, duplicatePercent: 1, segments: ["zone"] },
      { node: "beta", rateKbit: 1_000, segments: ["zone"] },
    ],
  }),
  "link-flap": kind({
    does: "The node's interfaces on the segments go down and up again, several times. The fault is over when its effect is proved.",
    options: z.strictObject({
      node,
      segments: zoneAndControl,
      times: z.int().min(1).max(20).default(3).describe("how often"),
      downMs: z.int().min(10).max(5_000).default(500).describe("how long the links are down each time"),
      upMs: z.int().min(10).max(5_000).default(500).describe("how long they are up in between"),
    }),
    words: ({ node: target, segments: given, times, downMs, upMs }) =>
      `link-flap ${target} (${given.join(", ")}), ${times} times down ${downMs} ms, up ${upMs} ms`,
    traits: runsOn,
    examples: [{ node: "beta", times: 2, downMs: 10, upMs: 10 }],
  }),
  "address-flushed": kind({
    does: "Every IPv4 address of the node's interface on a segment is removed, the VIP among them, as a network manager does. Healing sets the node's own address again.",
    options: z.strictObject({
      node,
      segment: z.enum(["zone", "control"]).default("zone").describe("the network segment"),
    }),
    words: ({ node: target, segment }) => `addresses of ${target} flushed (${segment})`,
    traits: runsOn,
    examples: [{ node: "alpha" }],
  }),
};
