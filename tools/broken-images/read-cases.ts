// The table of broken node images: fixtures/broken-images/cases.yaml.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { repository } from "#base/repository.ts";

const change = { find: z.string(), put: z.string() };
const path = z.string().startsWith("/");

const caseShape = z
  .strictObject({
    name: z.string(),
    says: z.string().optional(),
    form: z
      .enum(["absent", "empty-tar", "text", "truncated", "other-layer", "bomb", "foreign-init", "root-without-init"])
      .optional(),
    remove: z.array(path).default([]),
    write: z.array(z.strictObject({ path, text: z.string() })).default([]),
    link: z.array(z.strictObject({ path, to: z.string() })).default([]),
    edit: z.array(z.strictObject({ file: path, ...change })).default([]),
    profile: z.array(z.strictObject(change)).default([]),
    entrypoint: z.array(z.string()).optional(),
    architecture: z.string().optional(),
    code: z.string().optional(),
    point: z.string().optional(),
    words: z.array(z.string()).default([]),
  })
  .refine(({ code, point }) => (code === undefined) !== (point === undefined), "either code or point");

export type BrokenCase = z.infer<typeof caseShape>;

export const exampleFolder = join(repository, "examples/systemd-compose");

export function readCases(): BrokenCase[] {
  return z.array(caseShape).parse(parse(readFileSync(join(repository, "fixtures/broken-images/cases.yaml"), "utf8")));
}

/** @throws Error when the text is not there exactly once */
export function replaced(text: string, { find, put }: { find: string; put: string }): string {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`"${find}" is there ${parts.length - 1} times, and once is needed`);
  return parts.join(put);
}

/** The profile of the example with the changes of the case. */
export function profileOf({ profile }: BrokenCase): string {
  return profile.reduce(replaced, readFileSync(join(exampleFolder, "profile.yaml"), "utf8"));
}
