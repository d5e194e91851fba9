// The one schema of a profile: bounds, exceptions and waivers of a zone, and what its node is like. docs/schema has the
// JSON Schema that is made from it.

import { z } from "zod";
import { defaultBounds } from "#spec/verdict.ts";
import { nodeShape } from "./node-shape.ts";

const bound = z.number().positive();
/** People decide by this text, so it must say something. */
const words = z.string().trim().min(10);

export const profileShape = z.strictObject({
  bounds: z
    .strictObject(Object.fromEntries(Object.keys(defaultBounds).map((name) => [name, bound.optional()])))
    .default({})
    .describe("Bounds that replace the pattern's. The report prints the bounds used."),
  notApplicable: z
    .array(z.strictObject({ entry: z.string(), reason: words }))
    .default([])
    .describe("Entries about something that this zone does not have."),
  waivers: z
    .array(z.strictObject({ entry: z.string(), signature: z.string(), reason: words, expires: z.iso.date() }))
    .default([])
    .describe("Known failures. They are reported, and the exit code ignores them until they expire."),
  node: nodeShape.optional().describe("The node image of another vendor, for --image."),
});

export type ProfileText = z.infer<typeof profileShape>;

/** The JSON Schema of a profile file, for editors. */
export function profileSchema(): object {
  return {
    title: "triad profile",
    ...z.toJSONSchema(profileShape, { io: "input", unrepresentable: "any" }),
  };
}
