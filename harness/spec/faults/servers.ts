// Faults of the JetStream servers and of what they hold.

import { z } from "zod";
import { kind, node, onNode, runsOn } from "./kind.ts";

export const serverFaults = {
  "fourth-server": kind({
    does: "A fourth nats-server with JetStream runs on the client host, from a copy of the node's binary. It opens routes to all three nodes and has none of their secrets.",
    options: onNode,
    words: (spec) => `a fourth server, with the binary of ${spec.node}`,
    traits: runsOn,
    examples: [{ node: "gamma" }],
  }),
  // Every replica agrees about what is deleted: none of them is suspect.
  "facts-deleted": kind({
    does: "Some facts and every cursor are deleted through the server's API, so on every replica.",
    options: z.strictObject({
      node: node.describe("the node whose server is asked"),
      count: z.int().min(1).max(10_000).default(25).describe("how many facts, spread over the stream"),
    }),
    words: (spec) => `${spec.count} facts and every cursor deleted through ${spec.node}`,
    traits: runsOn,
    examples: [{ node: "gamma", count: 25 }],
  }),
  "leader-step-down": kind({
    does: "The leader of a stream steps down, as an operator asks through the server's API. Another server leads afterwards.",
    options: z.strictObject({
      node: node.describe("the node whose server is asked"),
      stream: z.string().default("facts_operational").describe("the stream"),
    }),
    words: (spec) => `the leader of ${spec.stream} steps down, asked through ${spec.node}`,
    traits: runsOn,
    examples: [{ node: "gamma" }],
  }),
};
