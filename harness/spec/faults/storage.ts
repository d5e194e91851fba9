// Faults of a node's disks.

import { z } from "zod";
import { kind, node, runsOn } from "./kind.ts";

export const storageWays = ["gone", "read-only", "full", "eio"] as const;
export type StorageWay = (typeof storageWays)[number];
export type RotWay = "flip" | "cut";

export const storageFaults = {
  storage: kind({
    does: "The node's artifact storage is gone, read-only, full, or answers EIO.",
    options: z.strictObject({ node, way: z.enum(storageWays).describe("how it is broken") }),
    words: (spec) => `storage ${spec.way} on ${spec.node}`,
    traits: { ...runsOn, server: "untouched", gate: "storage" },
    examples: [
      { node: "beta", way: "full" },
      { node: "beta", way: "eio" },
    ],
  }),
  rot: kind({
    does: "The node's server stops cleanly. Then one bit of a block file of its facts is flipped, or the file loses its end. Healing starts the server and leaves the damage.",
    options: z.strictObject({
      node,
      way: z.enum(["flip", "cut"]).default("flip").describe("flip: one bit; cut: the last quarter is removed"),
    }),
    words: (spec) => `${spec.way === "flip" ? "one bit flipped in" : "the tail cut off"} a block file of ${spec.node}`,
    traits: { ...runsOn, store: "suspect", server: "silent", gate: "jetstream" },
    examples: [{ node: "gamma" }, { node: "gamma", way: "cut" }],
  }),
};
