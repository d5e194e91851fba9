// The shape of plan.json and run.json. What a person or another program wrote there is refused by name, not believed.

import { z } from "zod";
import { HarnessError } from "#base/errors.ts";
import { hasPrototypeKey } from "#base/json.ts";
import { readRegular } from "#base/regular-file.ts";
import { boundNames, wrongBound } from "#spec/bounds.ts";
import { faultNames } from "#spec/faults.ts";
import { nodeNames } from "#spec/node.ts";
import type { Bounds } from "#spec/verdict.ts";
import { storeKinds } from "#spec/zone-spec.ts";

const bytesMax = 16 << 20;
/** It becomes part of a path. */
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/);
const count = z.int().nonnegative();
const faults = z.array(z.looseObject({ fault: z.enum(faultNames), node: z.enum(nodeNames) }));

const bounds = z
  .strictObject(Object.fromEntries(boundNames.map((name) => [name, z.number().optional()])))
  .superRefine((value, context) => {
    const wrong = wrongBound(value as Partial<Bounds>);
    if (wrong) context.addIssue({ code: "custom", message: `${wrong.happened}; expected ${wrong.expected}` });
  });
const profile = z.strictObject({
  notApplicable: z.array(z.strictObject({ entry: z.string(), reason: z.string() })),
  waivers: z.array(
    z.strictObject({ entry: z.string(), signature: z.string(), reason: z.string(), expires: z.iso.date() }),
  ),
});
const identity = {
  id: slug.or(z.string().regex(/^[A-Za-z0-9-]{1,100}$/)),
  startedAt: z.iso.datetime(),
  seed: count,
  command: z.string(),
  bounds,
  profile: profile.optional(),
};

const planned = z.strictObject({
  name: slug,
  suite: slug,
  repeat: z.int().positive(),
  seed: count,
  entries: z.array(z.string()),
  draw: count.optional(),
  file: z
    .strictObject({
      name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}[.]yaml$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      text: z.string(),
    })
    .optional(),
  faults: faults.optional(),
  peerFaults: faults.optional(),
  zone: z.looseObject({}).optional(),
});

export const planShape = z
  .strictObject({
    ...identity,
    format: z.enum(["triad-plan/1", "triad-plan/2"]),
    harness: z.string().optional(),
    suites: z.array(slug),
    only: z.array(z.string()),
    repeat: z.int().positive(),
    jobs: z.int().positive(),
    areJobsGiven: z.boolean().optional(),
    tier: z.enum(["standard", "critical"]),
    stores: z.enum(storeKinds as ["folder", "ext4", "xfs"]).optional(),
    natsServer: z.string().optional(),
    controller: z.string().optional(),
    image: z.strictObject({ alpha: z.string(), beta: z.string(), gamma: z.string() }).optional(),
    contract: z.looseObject({ isReference: z.literal(false), name: z.string() }).optional(),
    isKept: z.boolean(),
    entries: z.array(z.string()),
    scenarios: z.array(planned).min(1),
  })
  .superRefine((plan, context) => {
    const names = plan.scenarios.map(({ name, repeat }) => `${name} #${repeat}`);
    const twice = names.find((name, place) => names.indexOf(name) < place);
    if (twice) context.addIssue({ code: "custom", message: `${twice} is planned twice` });
    const isBound = plan.scenarios.every((one) => one.faults && one.peerFaults && one.zone);
    if (plan.format === "triad-plan/2" && !(isBound && plan.harness))
      context.addIssue({ code: "custom", message: "a scenario without its faults or its zone" });
  });

const words = z.record(z.string(), z.string());
export const runShape = z.strictObject({
  ...identity,
  wallS: z.number().nonnegative(),
  ended: z.string().max(1_000).optional(),
  engine: z.strictObject({
    version: z.string(),
    kind: z.enum(["given", "embedded"]),
    privileges: z.string(),
    kernel: z.string(),
  }),
  images: words,
  versions: words,
});

/** A JSON file of a run's folder, of that shape. @throws HarnessError `usage/not-evidence` */
export function readShaped<T>(path: string, root: string, shape: z.ZodType): T {
  const refuse = (why: string, cause?: unknown) =>
    new HarnessError("usage/not-evidence", `${path} cannot be used: ${why}`, { cause });
  const text = readRegular(path, { code: "usage/not-evidence", root, bytesMax });
  if (hasPrototypeKey(text)) throw refuse('it names "__proto__"');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse(text.startsWith("\uFEFF") ? "it begins with a byte order mark" : "it is not JSON", cause);
  }
  const { success, error } = shape.safeParse(value);
  const issue = error?.issues[0];
  // The value itself, and not a copy: the order of its fields is part of what was written.
  if (success) return value as T;
  throw refuse(`${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "a wrong shape"}`, error);
}
