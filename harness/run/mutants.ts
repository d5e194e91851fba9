// Seeded wrong zones: each a patch over the zone spec and files laid over the reference node, kept as YAML in
// fixtures/mutants. `triad prove` shows each one broken by its own entry.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { HarnessError, messageOf } from "#base/errors.ts";
import { nodeNames } from "#spec/node.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import { repository } from "#base/repository.ts";

const fileShape = z.strictObject({
  node: z.enum(nodeNames),
  path: z.string().startsWith("/"),
  /** The whole file; `__VIP__`, `__ZONE_ADDRESS__` and `__CONTROL_ADDRESS__` are filled in. */
  text: z.string(),
  mode: z.number().int().default(0o644),
});

/** Text of a planned file that is replaced, e.g. one line of nats.conf. */
const editShape = z.strictObject({
  node: z.enum(nodeNames),
  path: z.string().startsWith("/"),
  /** Regular expression, multi-line; placeholders as in files, and `__ALPHA__`, `__BETA__`, `__GAMMA__` for zone addresses. */
  from: z.string(),
  to: z.string().default(""),
});

/** One volume that several nodes have at the same place. */
const volumeShape = z.strictObject({
  nodes: z.array(z.enum(nodeNames)).min(2),
  path: z.string().startsWith("/"),
});

const mutantShape = z.strictObject({
  /** The entry that this zone must turn red. */
  entry: z.string(),
  /** What is wrong, in words. */
  says: z.string(),
  suite: z.string(),
  /** Scenarios that show it. */
  scenarios: z.array(z.string()).min(1),
  /** Patch over the zone spec; objects are merged, everything else replaced. */
  zone: z.record(z.string(), z.unknown()).default({}),
  files: z.array(fileShape).default([]),
  edits: z.array(editShape).default([]),
  volumes: z.array(volumeShape).default([]),
  /** Other entries that this zone cannot keep either, because they depend on the same thing. */
  alsoBreaks: z.array(z.string()).default([]),
});

export type Mutant = z.infer<typeof mutantShape> & { name: string };

const folder = join(repository, "fixtures", "mutants");

export function mutantNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
}

/** @throws HarnessError `usage/bad-value` */
export function readMutant(name: string): Mutant {
  const path = join(folder, `${name}.yaml`);
  if (!existsSync(path))
    throw new HarnessError("usage/bad-value", `there is no seeded zone "${name}"`, {
      expected: mutantNames().join(", "),
    });
  try {
    return { name, ...mutantShape.parse(parse(readFileSync(path, "utf8"))) };
  } catch (error) {
    throw new HarnessError("usage/bad-value", `fixtures/mutants/${name}.yaml: ${messageOf(error)}`, { cause: error });
  }
}

/** `spec` with a patch laid over it. @throws HarnessError `usage/bad-value` for a field that no spec has. */
export function withPatch(spec: ZoneSpec, patch: Record<string, unknown>): ZoneSpec {
  return merged(spec as unknown as Record<string, unknown>, patch, "zone") as unknown as ZoneSpec;
}

function merged(base: Record<string, unknown>, patch: Record<string, unknown>, path: string): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (!(key in base))
      throw new HarnessError("usage/bad-value", `${path} has no field "${key}"`, {
        expected: Object.keys(base).join(", "),
      });
    const below = base[key];
    const isNested = isRecord(below) && isRecord(value);
    result[key] = isNested ? merged(below, value, `${path}.${key}`) : value;
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Lays the seeded zone's files over a planned node, edits those it has and gives it the volumes it shares.
 *
 * @throws HarnessError `usage/bad-value` for an edit that changes nothing: the zone would be right and prove nothing.
 */
export function amendOf(seeded: Mutant): (node: PlannedNode, plan: ZonePlan) => void {
  return (node, plan) => {
    for (const { path, text, mode } of seeded.files.filter((one) => one.node === node.name))
      node.files.push({ path, text: filledIn(text, node, plan), mode });
    for (const { path, from, to } of seeded.edits.filter((one) => one.node === node.name)) {
      const file = node.files.findLast((one) => one.path === path);
      const before = file?.text ?? "";
      const after = before.replace(new RegExp(filledIn(from, node, plan), "gm"), filledIn(to, node, plan));
      if (!file || after === before)
        throw new HarnessError("usage/bad-value", `seeded zone ${seeded.name}: /${from}/ is not in ${path}`);
      file.text = after;
    }
    const shared = seeded.volumes.filter((one) => one.nodes.includes(node.name));
    node.volumes.push(...shared.map(({ path }) => ({ name: path.replaceAll("/", "-").slice(1), path })));
  };
}

function filledIn(text: string, node: PlannedNode, plan: ZonePlan): string {
  const known: Record<string, string> = {
    __VIP__: plan.vip,
    __ZONE_ADDRESS__: node.zoneAddress,
    __CONTROL_ADDRESS__: node.controlAddress ?? "",
    // In a zone that has a peer: that zone's alpha, one above its VIP.
    ...(plan.peer ? { __PEER_ALPHA__: plan.peer.vip.replace(/\d+$/, "11") } : {}),
    ...Object.fromEntries(nodeNames.map((name) => [`__${name.toUpperCase()}__`, plan.nodes[name].zoneAddress])),
  };
  return Object.entries(known).reduce((filled, [word, value]) => filled.replaceAll(word, value), text);
}
