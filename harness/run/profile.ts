// A profile: where a zone under certification may differ from the reference. YAML in, checked; nothing is guessed.

import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { HarnessError, messageOf } from "#base/errors.ts";
import { defaultBounds } from "#spec/verdict.ts";

const bound = z.number().positive();
const profileShape = z.strictObject({
  /** Bounds that differ from the pattern's; the report prints the ones used. */
  bounds: z
    .strictObject(Object.fromEntries(Object.keys(defaultBounds).map((name) => [name, bound.optional()])))
    .default({}),
});

export type Profile = z.infer<typeof profileShape>;

/** @throws HarnessError `usage/bad-value` */
export function readProfile(path: string): Profile {
  try {
    return profileShape.parse(parse(readFileSync(path, "utf8")) ?? {});
  } catch (error) {
    throw new HarnessError("usage/bad-value", `--profile ${path}: ${messageOf(error)}`, { cause: error });
  }
}
