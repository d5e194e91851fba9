// Known misses: changes that no rule finds yet, from fixtures/known-misses.yaml, each with its reason. Everything else
// that stays `kept` fails the proof, and so does a line here that names nothing any more.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { HarnessError, messageOf } from "#base/errors.ts";
import { repository } from "#base/repository.ts";

const shape = z.array(
  z.strictObject({
    change: z.string(),
    entry: z.string(),
    /** Why no rule finds it. */
    because: z.string().min(10),
  }),
);

export type KnownMiss = z.infer<typeof shape>[number];

const file = "fixtures/known-misses.yaml";

/** @throws HarnessError `usage/bad-value` */
export function knownMisses(): KnownMiss[] {
  try {
    return shape.parse(parse(readFileSync(join(repository, file), "utf8")) ?? []);
  } catch (error) {
    throw new HarnessError("usage/bad-value", `${file}: ${messageOf(error)}`, { cause: error });
  }
}
