// Steps of a scenario file that hold other steps, without those steps. `loop`, `sweep` and `random` are expanded before
// a run is planned; the others are steps of the harness.

import { z } from "zod";
import { triggerNames, triggers } from "#spec/trigger.ts";
import { duration, serviceNode } from "./values.ts";

const times = z.int().min(1).max(1_000);
const value = z.union([z.string().max(200), z.number(), z.boolean()]);
/** Names of values, used as `$name` in the steps below. */
const named = <T extends z.ZodType>(one: T) =>
  z.record(
    z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, { error: "a name is letters and digits, such as node or waitMs" }),
    one,
  );
const values = z.array(value).min(1).max(100);
const range = z
  .strictObject({ from: duration, to: duration })
  .refine(({ from, to }) => from <= to, { error: "a range goes from the smaller duration to the larger" });

const nonEmpty = { error: "at least one name" };
const isNotEmpty = (given: object) => Object.keys(given).length > 0;

/** The shape of each, without its steps. */
export const blockShapes = {
  "at-peer": z.strictObject({}),
  every: z.strictObject({ ms: duration.refine((ms) => ms >= 10, { error: "a period is at least 10ms" }), times }),
  loop: z.strictObject({ times }),
  parallel: z.strictObject({}),
  random: z.strictObject({
    choose: named(z.union([values, range])).refine(isNotEmpty, nonEmpty),
    times: times.default(1),
  }),
  sweep: z.strictObject({ over: named(values).refine(isNotEmpty, nonEmpty) }),
  when: z
    .strictObject({
      sees: z.enum(triggerNames),
      node: serviceNode.optional(),
      stream: z
        .string()
        .regex(/^[\w-]{1,64}$/)
        .optional(),
      offsetMs: duration.default(0),
      deadlineMs: duration.default(60_000),
    })
    .superRefine((when, context) => {
      const about = triggers[when.sees];
      if (about === "node" && when.node === undefined)
        context.addIssue({ code: "custom", message: `${when.sees} needs a node` });
      for (const field of ["node", "stream"] as const)
        if (field !== about && when[field] !== undefined)
          context.addIssue({ code: "custom", path: [field], message: `${when.sees} takes no ${field}` });
    }),
};

export type AnyBlockName = keyof typeof blockShapes;
export const blockNames = Object.keys(blockShapes) as AnyBlockName[];
/** Those that the harness knows as steps. */
export type BlockName = Exclude<AnyBlockName, "loop" | "sweep" | "random">;

export function isBlockName(name: string): name is AnyBlockName {
  return Object.hasOwn(blockShapes, name);
}
