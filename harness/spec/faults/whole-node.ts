// Faults of a node as a whole: it ends, freezes, restarts, or loses what it stored.

import { z } from "zod";
import { kind, node, nodes, onNode, runsOn, zoneAndControl } from "./kind.ts";

const endsAbruptly = { ...runsOn, node: "ends", failover: "abrupt" } as const;

export const wholeNodeFaults = {
  kill: kind({
    does: "Every process of the node gets SIGKILL at once. The node's network namespace ends too.",
    options: onNode,
    words: (spec) => `kill ${spec.node}`,
    traits: endsAbruptly,
    examples: [{ node: "alpha" }],
    worksOnPaused: true,
  }),
  stop: kind({
    does: "The node stops cleanly: its supervisor gets SIGTERM and ten seconds to end.",
    options: onNode,
    words: (spec) => `stop ${spec.node}`,
    traits: { ...runsOn, node: "ends", failover: "orderly" },
    examples: [{ node: "alpha" }],
  }),
  power: kind({
    does: "From one instant on, no packet leaves or reaches the node and nothing reaches its disk; then every process dies. Several nodes can lose power at once where each has file systems of its own.",
    options: z.strictObject({ node, with: nodes.optional().describe("nodes that lose power at the same instant") }),
    words: ({ node: first, with: others = [] }) => `power ${[first, ...others].join(", ")}`,
    // After a joint power loss no node holds all that was acknowledged (docs/decisions/0016-joint-power-loss.md).
    traits: ({ with: others = [] }) => ({ ...endsAbruptly, store: others.length > 0 ? "suspect" : "kept" }),
    examples: [{ node: "alpha" }, { node: "alpha", with: ["gamma"] }],
    worksOnPaused: true,
  }),
  pause: kind({
    does: "Every process of the node is frozen. The kernel still answers ARP and accepts connections.",
    options: onNode,
    words: (spec) => `pause ${spec.node}`,
    traits: { ...runsOn, node: "freezes", failover: "abrupt" },
    examples: [{ node: "alpha" }],
  }),
  reboot: kind({
    does: "The node stops cleanly and starts again at once. Its stores stay, its /run is lost.",
    options: onNode,
    words: (spec) => `reboot ${spec.node}`,
    traits: { ...runsOn, node: "restarts", failover: "orderly" },
    examples: [{ node: "gamma" }],
  }),
  "boot-cut": kind({
    does: "The node is killed and starts again at once. From its first moment on no packet passes between it and the other nodes: the rules are at their interfaces. The client host still hears it.",
    options: z.strictObject({ node, segments: zoneAndControl }),
    words: (spec) => `${spec.node} restarts, cut off from its first moment (${spec.segments.join(", ")})`,
    traits: { ...endsAbruptly, node: "restarts" },
    examples: [{ node: "beta" }],
  }),
  // A lost store may take the lease with it, so no failover timer is certain.
  wiped: kind({
    does: "The node is killed, and its JetStream store is empty when it starts again, as with a new disk.",
    options: onNode,
    words: (spec) => `wiped ${spec.node}`,
    traits: { ...runsOn, node: "ends", store: "lost" },
    examples: [{ node: "gamma" }],
  }),
  rebuilt: kind({
    does: "The node's container and its disks are removed. A new container with empty disks heals it, under the same or a new server name.",
    options: z.strictObject({
      node,
      identity: z
        .enum(["same", "new"])
        .default("same")
        .describe("new: the new server has another name, and the old one is removed"),
    }),
    words: (spec) => `${spec.node} lost with its disks and rebuilt (${spec.identity} identity)`,
    traits: { ...runsOn, node: "ends", store: "lost" },
    examples: [{ node: "gamma" }, { node: "gamma", identity: "new" }],
  }),
};
