// The shape of a header's inside. A rule may read any field of it without a question.

import { z } from "zod";
import { referenceContract } from "#spec/contract/node-contract.ts";
import { nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";

const node = z.looseObject({
  zoneAddress: z.string(),
  controlAddress: z.string().optional(),
  peerAddress: z.string().optional(),
  certificate: z.string().optional(),
});
const zone = z.looseObject({
  vip: z.string(),
  rpcPort: z.number(),
  nodes: z.object({ alpha: node, beta: node, gamma: node }),
  spec: z.looseObject({}).refine((spec) => isLike(spec, defaultZoneSpec), "a setting of the zone has another type"),
});
const plannedFaults = z.array(
  z.looseObject({
    fault: z.string(),
    nodes: z.array(z.enum(nodeNames)),
    spec: z.looseObject({ fault: z.string(), node: z.enum(nodeNames) }).optional(),
  }),
);
const rule = z.object({
  exe: z.array(z.string()).optional(),
  name: z.string().optional(),
  unit: z.string().optional(),
  argv: z.string().optional(),
});
const judgedNode = z.looseObject({
  name: z.string(),
  ports: z.object(Object.fromEntries(Object.keys(referenceContract.ports).map((name) => [name, z.int()]))),
  stores: z.object({ jetstream: z.string(), artifacts: z.string() }),
  programs: z.record(z.string(), rule).optional(),
  others: z.array(rule),
  streams: z.looseObject({
    facts: z.string(),
    audit: z.string().nullable(),
    cursors: z.string().nullable(),
    lease: z.string().nullable(),
    others: z.array(z.string()),
  }),
  roleFile: z.string().nullable(),
  hasGates: z.boolean(),
  health: z.string(),
});
const header = z.looseObject({
  repeat: z.int().positive(),
  seed: z.int().nonnegative(),
  entries: z.array(z.string()),
  draw: z.int().nonnegative().optional(),
  plannedFaults,
  zone,
  byHand: z.literal(true).optional(),
  peer: z.looseObject({ zone, plannedFaults }).optional(),
  evidence: z.array(z.string()).optional(),
  node: judgedNode.optional(),
  controller: z.object({ image: z.string(), archive: z.string().optional() }).optional(),
});

/** The first field that has a wrong shape; undefined when all fit. */
export function wrongHeader(value: unknown): { where: string; says: string } | undefined {
  const { error } = header.safeParse(value);
  const issue = error?.issues[0];
  return issue && { where: issue.path.join("."), says: issue.message };
}

/** Every setting that both have is of one type. A zone of another version may have more or fewer. */
function isLike(value: unknown, model: unknown): boolean {
  if (Array.isArray(model)) return Array.isArray(value);
  if (typeof model !== "object" || model === null) return typeof value === typeof model;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const own = value as Record<string, unknown>;
  return Object.entries(model).every(([name, like]) => !Object.hasOwn(own, name) || isLike(own[name], like));
}
