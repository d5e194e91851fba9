// Faults of one program of a node, and programs on a node that are not its own.

import { z } from "zod";
import { kind, node, onNode, runsOn } from "./kind.ts";

export const processNames = ["keepalived", "nats-server", "controller", "gate"] as const;
export type ProcessName = (typeof processNames)[number];

const oneProcess = z.strictObject({ node, process: z.enum(processNames).describe("the program") });
const untouched = { ...runsOn, server: "untouched" } as const;

export const processFaults = {
  "process-kill": kind({
    does: "One program of the node gets SIGKILL.",
    options: oneProcess,
    words: (spec) => `process-kill ${spec.process} on ${spec.node}`,
    traits: ({ process }) => ({ ...runsOn, gate: process === "nats-server" ? "jetstream" : null }),
    examples: [{ node: "beta", process: "controller" }],
  }),
  "process-freeze": kind({
    does: "One program of the node is frozen with SIGSTOP. SIGCONT heals it.",
    options: oneProcess,
    words: (spec) => `process-freeze ${spec.process} on ${spec.node}`,
    traits: ({ process }) => ({
      ...runsOn,
      server: process === "nats-server" ? "silent" : process === "controller" ? "untouched" : "disturbed",
      gate: process === "nats-server" ? "jetstream" : null,
    }),
    examples: [{ node: "beta", process: "gate" }],
  }),
  "keepalived-reload": kind({
    does: "An operator has keepalived read its configuration again with SIGHUP, the same or with another priority. Healing brings the first configuration back. The kernel's access time of the file proves that keepalived read it.",
    options: z.strictObject({
      node,
      priorityBy: z
        .int()
        .min(-100)
        .max(100)
        .optional()
        .describe("the priority changes by so much (default: same file)"),
    }),
    words: ({ node: target, priorityBy: by }) =>
      `keepalived reloaded on ${target}, ${by === undefined ? "same file" : `priority ${by > 0 ? "+" : ""}${by}`}`,
    traits: runsOn,
    examples: [{ node: "alpha" }, { node: "beta", priorityBy: 5 }],
  }),
  "service-down": kind({
    does: "The supervisor stops one service of the node and leaves it down.",
    options: z.strictObject({ node, service: z.enum(["nats-server"]).default("nats-server").describe("the service") }),
    words: (spec) => `${spec.service} down on ${spec.node}`,
    traits: { ...runsOn, server: "silent", gate: "jetstream" },
    examples: [{ node: "gamma" }],
  }),
  "port-taken": kind({
    does: "A listener that is not the node's takes the RPC port of the VIP in the node's network namespace.",
    options: onNode,
    words: (spec) => `port-taken ${spec.node}`,
    traits: { ...runsOn, gate: "bind" },
    examples: [{ node: "beta" }],
  }),
  "stray-controller": kind({
    does: "A second controller process listens on the RPC port of every address of the node.",
    options: onNode,
    words: (spec) => `stray-controller ${spec.node}`,
    traits: untouched,
    examples: [{ node: "beta" }],
  }),
};
