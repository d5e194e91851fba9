// Mutants: zones that are wrong in one way each, kept as YAML in fixtures/mutants. A mutant is the reference zone with
// something laid over it: other zone settings, files, edited files, patched programs, a shared volume. `triad prove`
// shows that each one's own entry comes out broken.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { HarnessError, messageOf } from "#base/errors.ts";
import { nodeNames } from "#spec/node.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import type { PlannedNode, ZonePlan } from "#topology/plan.ts";
import { repository } from "#base/repository.ts";

const nodes = z.array(z.enum(nodeNames)).min(1);

const fileShape = z.strictObject({
  nodes,
  path: z.string().startsWith("/"),
  /** The whole file. Placeholders such as `__VIP__` are filled in; see `filledIn`. */
  text: z.string(),
  mode: z.number().int().default(0o644),
});

/** Text of a planned file that is replaced, e.g. one line of nats.conf. */
const editShape = z.strictObject({
  nodes,
  path: z.string().startsWith("/"),
  /** Regular expression, multi-line. Placeholders are filled in, as in files. */
  from: z.string(),
  to: z.string().default(""),
});

/** Text of the reference node's source that is replaced. The patched program lies over the image's own. */
const patchShape = z.strictObject({
  nodes: nodes.default(["alpha", "beta"]),
  /** Relative to images/node. */
  file: z.string().endsWith(".ts"),
  /** Exact text, which must stand in the file once. */
  from: z.string(),
  to: z.string().default(""),
});

/** One volume that several nodes have at the same place. */
const volumeShape = z.strictObject({
  nodes: z.array(z.enum(nodeNames)).min(2),
  path: z.string().startsWith("/"),
});

const overlayShape = z.strictObject({
  files: z.array(fileShape).default([]),
  edits: z.array(editShape).default([]),
  patches: z.array(patchShape).default([]),
  volumes: z.array(volumeShape).default([]),
});

const mutantShape = overlayShape.extend({
  /** The entry that must come out broken. */
  entry: z.string(),
  /** What is wrong, in plain words. */
  says: z.string(),
  suite: z.string(),
  /** Scenarios that show it. */
  scenarios: z.array(z.string()).min(1),
  /** The draw of those scenarios that brings the way to the wrong node. */
  draw: z.int().nonnegative().default(0),
  /** Overlays that several mutants share: names of files in fixtures/mutants/shared. */
  shared: z.array(z.string()).default([]),
  /** Settings of the zone; objects are merged, every other value is replaced. */
  zone: z.record(z.string(), z.unknown()).default({}),
  /** Other entries that this zone cannot keep either, because they depend on the same thing. */
  alsoBreaks: z.array(z.string()).default([]),
});

export type Mutant = z.infer<typeof mutantShape> & { name: string };
type Patch = z.infer<typeof patchShape>;
type Program = "gate" | "controller";
type Bundles = Partial<Record<Program, string>>;

const folder = join(repository, "fixtures", "mutants");

export function mutantNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
}

/** @throws HarnessError `usage/bad-value` */
export function readMutant(name: string): Mutant {
  if (!existsSync(join(folder, `${name}.yaml`)))
    throw new HarnessError("usage/bad-value", `unknown mutant "${name}"`, { expected: mutantNames().join(", ") });
  const mutant = { name, ...readShape(`${name}.yaml`, mutantShape) };
  for (const shared of mutant.shared.map((one) => readShape(`shared/${one}.yaml`, overlayShape))) {
    mutant.files.push(...shared.files);
    mutant.edits.push(...shared.edits);
    mutant.patches.push(...shared.patches);
    mutant.volumes.push(...shared.volumes);
  }
  return mutant;
}

function readShape<T>(file: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(parse(readFileSync(join(folder, file), "utf8")));
  } catch (error) {
    throw new HarnessError("usage/bad-value", `fixtures/mutants/${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** Its mistake lies in the reference controller, in how that one is run, or in a second one of it. */
export function needsReferenceController({ patches, files, edits }: Mutant): boolean {
  const places = [...files, ...edits].map(({ path }) => path);
  return (
    patches.some(({ file }) => /^(?:controller|local)\//.test(file)) ||
    places.some((path) => /\/controller\.cjs$|\/services\/rpc\//.test(path)) ||
    files.some(({ text }) => text.includes("controller.cjs"))
  );
}

/** `spec` with other settings merged in. @throws HarnessError `usage/bad-value` for a field that no spec has. */
export function withSettings(spec: ZoneSpec, settings: Record<string, unknown>): ZoneSpec {
  return merged(spec as unknown as Record<string, unknown>, settings, "zone") as unknown as ZoneSpec;
}

function merged(base: Record<string, unknown>, over: Record<string, unknown>, path: string): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
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

export type Amend = (node: PlannedNode, plan: ZonePlan) => void;

/**
 * Bundles the mutant's patched programs, and returns what lays everything over a planned node.
 *
 * @throws HarnessError `usage/bad-value` for a patch that does not fit the sources. The returned function throws it for
 *   an edit that changes nothing. Either way the zone would be right and would prove nothing.
 */
export async function amendOf(mutant: Mutant): Promise<Amend> {
  const bundles = new Map(
    await Promise.all(
      nodeNames.map(async (name) => {
        const patches = mutant.patches.filter((one) => one.nodes.includes(name));
        return [name, patches.length > 0 ? await patchedPrograms(mutant.name, patches) : {}] as const;
      }),
    ),
  );
  return (node, plan) => {
    for (const [program, text] of Object.entries(bundles.get(node.name) ?? {}))
      node.files.push({ path: `/opt/bsfg/bin/${program}.cjs`, text, mode: 0o644 });
    for (const { path, text, mode } of mutant.files.filter((one) => one.nodes.includes(node.name)))
      node.files.push({ path, text: filledIn(text, node, plan), mode });
    for (const edit of mutant.edits.filter((one) => one.nodes.includes(node.name)))
      applyEdit(mutant.name, edit, { node, plan });
    const volumes = mutant.volumes.filter((one) => one.nodes.includes(node.name));
    node.volumes.push(...volumes.map(({ path }) => ({ name: path.replaceAll("/", "-").slice(1), path })));
  };
}

/** By content: nodes and mutants with the same patches share one bundle. Holds 0.8 MB for each. */
const bundled = new Map<string, Promise<Bundles>>();

async function patchedPrograms(name: string, patches: readonly Patch[]): Promise<Bundles> {
  const sources = patches.map(({ file, from, to }) => ({ file, from, to }));
  const key = JSON.stringify(sources);
  const { bundlePatched } = (await import(join(repository, "images/node/bundle.ts"))) as {
    bundlePatched: (patches: typeof sources) => Promise<Bundles>;
  };
  const bundle = bundled.get(key) ?? bundlePatched(sources);
  bundled.set(key, bundle);
  return bundle.catch((cause: unknown) => {
    throw new HarnessError("usage/bad-value", `mutant ${name}: ${messageOf(cause)}`, { cause });
  });
}

function applyEdit(
  name: string,
  { path, from, to }: z.infer<typeof editShape>,
  { node, plan }: { node: PlannedNode; plan: ZonePlan },
): void {
  const file = node.files.findLast((one) => one.path === path);
  const before = file?.text ?? "";
  const after = before.replace(new RegExp(filledIn(from, node, plan), "gm"), filledIn(to, node, plan));
  if (!file || after === before)
    throw new HarnessError("usage/bad-value", `mutant ${name}: /${from}/ is not in ${path}`);
  file.text = after;
}

function filledIn(text: string, node: PlannedNode, plan: ZonePlan): string {
  const known: Record<string, string> = {
    __VIP__: plan.vip,
    __ZONE_ADDRESS__: node.zoneAddress,
    __CONTROL_ADDRESS__: node.controlAddress ?? "",
    // In a zone with a peer zone: the peer zone's alpha, one address above its VIP.
    ...(plan.peer ? { __PEER_ALPHA__: plan.peer.vip.replace(/\d+$/, "11") } : {}),
    // The zone address of each node.
    ...Object.fromEntries(nodeNames.map((name) => [`__${name.toUpperCase()}__`, plan.nodes[name].zoneAddress])),
  };
  return Object.entries(known).reduce((filled, [word, value]) => filled.replaceAll(word, value), text);
}
