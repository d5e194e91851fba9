// Faults of what a node gets of the machine: processor time, memory, disk space, writes to a disk. None of them is a
// load: each takes something away from the node, and its end gives it back.

import { z } from "zod";
import { kind, node, runsOn } from "./kind.ts";

const store = z
  .enum(["messages", "artifacts"])
  .default("messages")
  .describe("whose disk; the zone needs `stores: ext4` or `xfs`");

/** A full disk closes the gate of artifacts at once. When nats-server notices it, is the server's matter. */
const ofStore = (given?: "messages" | "artifacts") =>
  given === "artifacts" ? ({ ...runsOn, server: "untouched" } as const) : runsOn;

export const resourceFaults = {
  "cpu-limit": kind({
    does: "The engine gives the node so much of one processor and no more. The kernel makes it wait for the rest of each tenth of a second.",
    options: z.strictObject({
      node,
      percent: z.int().min(1).max(100).default(10).describe("share of one processor"),
    }),
    words: (spec) => `${spec.node} gets ${spec.percent}% of a processor`,
    traits: runsOn,
    examples: [{ node: "alpha", percent: 10 }],
  }),
  "memory-limit": kind({
    does: "The engine limits the memory of the node, so that little more than what it uses now is left. The proof is that the node reaches the limit. The kernel then takes back what it can, and kills a process of the node where it cannot.",
    options: z.strictObject({
      node,
      spareMb: z.int().min(0).max(1_024).default(2).describe("how much is left, in MiB"),
    }),
    words: (spec) => `${spec.node} has ${spec.spareMb} MiB of memory left`,
    traits: runsOn,
    examples: [{ node: "gamma" }],
  }),
  "disk-full": kind({
    does: "A file takes every free block of the node's disk. Healing removes the file.",
    options: z.strictObject({ node, store }),
    words: (spec) => `the disk for ${spec.store} of ${spec.node} is full`,
    traits: ({ store: given }) => ({ ...ofStore(given), gate: given === "artifacts" ? "storage" : null }),
    examples: [{ node: "beta" }, { node: "beta", store: "artifacts" }],
  }),
  "disk-slow": kind({
    does: "The kernel's block throttle lets so many writes a second of the node reach its disk. Writes of the kernel itself, such as those of the journal, are not slowed. Beside the writes of the server, four flushed writes of 4 KiB took 17 ms before and 10.3 s at 2 writes a second.",
    options: z.strictObject({
      node,
      store,
      writesPerS: z.int().min(1).max(1_000).default(5).describe("writes a second"),
    }),
    words: (spec) => `the disk for ${spec.store} of ${spec.node} takes ${spec.writesPerS} writes a second`,
    traits: ({ store: given }) => ofStore(given),
    examples: [{ node: "gamma" }, { node: "beta", store: "artifacts", writesPerS: 2 }],
  }),
};
