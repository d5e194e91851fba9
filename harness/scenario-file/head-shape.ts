// Everything of a scenario file but its steps.

import { z } from "zod";
import { nodeNames } from "#spec/node.ts";
import { storeKinds } from "#spec/zone-spec.ts";
import { duration, listOf, node, serviceNode } from "./values.ts";

const words = z.string().trim().min(3).max(2_000);
const entries = listOf(z.string().regex(/^[A-Z]+-\d+[a-z]?$/, { error: "the id of an entry, such as FAIL-1" }));
const count = z.int().min(1);
const ms = duration.refine((value) => value >= 10, { error: "a time of at least 10ms" });

/** Any part of the zone's settings; what is left out is as in the reference zone. */
const zone = z.strictObject({
  zoneId: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/)
    .optional(),
  tier: z.enum(["standard", "critical"]).optional(),
  stores: z.enum(storeKinds as ["folder", "ext4", "xfs"]).optional(),
  lease: z.strictObject({ renewMs: ms.optional(), honourMs: ms.optional(), takeMs: ms.optional() }).optional(),
  holdDownMs: duration.optional(),
  vipLifetimeS: count.max(600).optional(),
  vrrp: z
    .strictObject({
      advertS: count.max(40).optional(),
      downAdverts: count.max(20).optional(),
      priority: z.strictObject({ alpha: count.max(254), beta: count.max(254) }).optional(),
    })
    .optional(),
  reach: z
    .strictObject({ intervalMs: ms.optional(), timeoutMs: ms.optional(), misses: count.max(100).optional() })
    .optional(),
  certificate: z
    .strictObject({ minDays: z.int().min(0).max(3_650).optional(), policy: z.enum(["deny", "warn"]).optional() })
    .optional(),
  certificateLeftDays: z.int().min(0).max(3_650).optional(),
  hasOperator: z.boolean().optional(),
  duplicateWindowMs: ms.optional(),
});

export const headShape = z.strictObject({
  /** One line: what happens, and what was seen. */
  title: words.max(200),
  /** Where it is from: a thread, a ticket, a date. */
  source: words.optional(),
  note: words.optional(),
  zone: zone.optional(),
  load: z
    .strictObject({ appendPerS: z.number().positive().max(10_000).optional(), inFlight: count.max(1_000).optional() })
    .refine((load) => (load.appendPerS === undefined) !== (load.inFlight === undefined), {
      error: "either appendPerS or inFlight",
    })
    .optional(),
  monitors: z.boolean().optional(),
  clientsInside: listOf(serviceNode).optional(),
  start: z
    .strictObject({
      order: z
        .array(node)
        .length(nodeNames.length)
        .refine((order) => new Set(order).size === nodeNames.length, {
          error: "each node once",
        }),
      gapMs: duration.default(0),
    })
    .optional(),
  peers: z.literal(2).optional(),
  /** Entries that are judged in place of the usual ones, beside those of `expect`. */
  entries: entries.optional(),
  /** The verdict that each entry should get. */
  expect: z
    .strictObject({ kept: entries.optional(), broken: entries.optional(), unknown: entries.optional() })
    .optional(),
  /** What the last recorded replay gave. */
  record: z
    .strictObject({
      on: z.iso.date(),
      runs: count,
      wallS: z.number().positive(),
      entries: z.record(z.string(), z.string().max(200)),
    })
    .optional(),
});

export type ScenarioHead = z.output<typeof headShape>;
