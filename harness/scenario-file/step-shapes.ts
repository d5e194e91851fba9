// What each step of a scenario file may hold. A step of the harness that has no row here does not compile. Steps that
// hold other steps are in block-shapes.ts.

import { z } from "zod";
import { portNames } from "#spec/contract/node-contract.ts";
import { monitorNames } from "#spec/monitor.ts";
import { nodeNames, serviceNodes } from "#spec/node.ts";
import type { StepName, StepShapes } from "#spec/steps.ts";
import type { BlockName } from "./block-shapes.ts";
import { duration, listOf, node, nodesOrAll, segment, serviceNode } from "./values.ts";

/** A shape for each field, required or not. */
type FieldsOf<T> = { [F in keyof T]-?: z.ZodType<T[F] | undefined> };

/** Steps that hold no other step. A `provoke` holds faults, which have shapes of their own. */
type LeafName = Exclude<StepName, BlockName | "provoke">;
/** The fields of each variant at once; `refusal` says which go together. */
type AllFields<T> = T extends { appendPerS: number } | { inFlight: number }
  ? FieldsOf<{ appendPerS?: number; inFlight?: number }>
  : FieldsOf<T>;

/** The reference zone is back well within these; a replay that waits longer learns nothing. */
const answerMs = 40_000;
const rejoinMs = 60_000;
const deadline = (ms: number) => ({ deadlineMs: duration.default(ms) });
/** It becomes part of file names and of keys. */
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, { error: "a name is 1 to 41 of a-z, 0-9 and -" });
const nothing = {};
const onNode = { node };
const onServiceNode = { node: serviceNode };
const nodes = listOf(node);

export const stepShapes: { [Name in LeafName]: AllFields<StepShapes[Name]> } = {
  attempt: {
    from: listOf(z.enum([...nodeNames, "client"])),
    ports: listOf(z.union([z.enum(portNames), z.int().min(1).max(65_535)])),
  },
  "await-answer": { node: serviceNode.optional(), ...deadline(answerMs) },
  "await-copies": { name },
  "await-current": { ...onNode, ...deadline(rejoinMs) },
  "await-monitors": {
    monitors: listOf(z.enum(monitorNames)),
    state: z.enum(["green", "red", "gone"]),
    ...deadline(rejoinMs),
  },
  "await-rejoin": { ...onNode, ...deadline(rejoinMs) },
  "await-vip": { ...onServiceNode, isOwned: z.boolean().default(true), ...deadline(answerMs) },
  "back-up-artifacts": onServiceNode,
  capture: { at: listOf(z.strictObject({ host: z.enum([...nodeNames, "client"]), segment })) },
  "count-disks": nothing,
  "dump-replicas": { label: name, streams: listOf(z.string().regex(/^[\w-]{1,64}$/)) },
  "end-capture": nothing,
  files: { nodes: nodes.default([...serviceNodes]) },
  fill: {
    bytes: z
      .int()
      .min(1)
      .max(1 << 30),
  },
  flush: { nodes: nodes.optional() },
  "get-artifact": { name },
  handshakes: { rows: z.enum(["all", "certificates"]).default("all") },
  hold: { ms: duration },
  inspect: { nodes: nodes.optional() },
  "mark-storage": nothing,
  pace: {
    appendPerS: z.number().positive().max(10_000).optional(),
    inFlight: z.int().min(1).max(1_000).optional(),
  },
  "pause-load": nothing,
  "probe-quorum": onNode,
  "put-artifact": { name },
  "read-back": nothing,
  "read-each-replica": nothing,
  "read-gates": onServiceNode,
  "read-texts": nothing,
  "refer-artifact": { name },
  "renew-certificate": onServiceNode,
  repair: { nodes: nodesOrAll },
  restore: nothing,
  "restore-artifacts": nothing,
  "resume-load": nothing,
  search: { name },
  snapshot: nothing,
  "start-by-hand": { ...onServiceNode, ms: duration.default(2_500) },
  "try-bind": onServiceNode,
  "watch-controllers": { nodes: listOf(serviceNode), ms: duration.default(2_500) },
  withhold: { ms: duration },
};

/** The field that a step takes when its value is written without a name, as in `hold: 3s`. */
export const shortFields: Partial<Record<LeafName, string>> = {
  hold: "ms",
  repair: "nodes",
  "await-answer": "node",
  "await-current": "node",
  "await-rejoin": "node",
  "await-vip": "node",
  "back-up-artifacts": "node",
  "get-artifact": "name",
  "put-artifact": "name",
  "refer-artifact": "name",
  search: "name",
  "await-copies": "name",
  "probe-quorum": "node",
  "read-gates": "node",
  "renew-certificate": "node",
  "start-by-hand": "node",
  "try-bind": "node",
  flush: "nodes",
  inspect: "nodes",
  files: "nodes",
  withhold: "ms",
  fill: "bytes",
  "watch-controllers": "nodes",
};
