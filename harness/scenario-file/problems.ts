// What zod found wrong with a value, in the words of a person, with a suggestion where a known word is near.

import { z } from "zod";
import { didYouMean } from "#base/nearest.ts";
import type { Path, Problem } from "./source.ts";

/** What zod says of a union without words of its own. */
const defaultUnionWords = "Invalid input";

/** The value as its shape gives it, or what is wrong with it. */
export function shaped<T extends z.ZodType>(
  shape: T,
  value: unknown,
  path: Path,
): { value: z.output<T>; problems?: never } | { problems: Problem[]; value?: never } {
  const { success, data, error } = shape.safeParse(value);
  if (success) return { value: data };
  return { problems: error.issues.flatMap((issue) => problemsOf(issue, value, { path, shape })) };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  whole: unknown,
  { path, shape }: { path: Path; shape: z.ZodType },
): Problem[] {
  const inside = issue.path.filter((one) => typeof one !== "symbol");
  const at = [...path, ...inside];
  const field = inside.at(-1);
  const where = inside.length === 0 ? "" : `${inside.filter((one) => typeof one === "string").at(-1) ?? ""}: `;
  const found = inside.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], whole);
  if (issue.code === "unrecognized_keys") {
    const known = fieldsOf(shape, inside);
    return issue.keys.map((key) => ({
      path: at,
      key,
      what: `unknown field "${key}"${hint(key, known)}`,
      expected: known.length > 0 ? known.join(", ") : "no field",
    }));
  }
  if (issue.code === "invalid_union") {
    const branch = issue.errors.find(([first]) => first && !(first.code === "invalid_type" && first.path.length === 0));
    const inner = branch?.map((one) => ({ ...one, path: [...issue.path, ...one.path] }) as z.core.$ZodIssue);
    // A union with words of its own says better what it wants than any of its branches.
    if (inner && issue.message === defaultUnionWords)
      return inner.flatMap((one) => problemsOf(one, whole, { path, shape }));
  }
  if (issue.code === "invalid_value") {
    const known = issue.values.map(String);
    if (found === undefined) return [{ path: at, what: `"${String(field)}" is missing`, expected: known.join(", ") }];
    return [
      {
        path: at,
        what: `${where}${brief(found)} is unknown${hint(typeof found === "string" ? found : "", known)}`,
        expected: known.join(", "),
      },
    ];
  }
  if (found === undefined && field !== undefined)
    return [{ path: at, what: `"${String(field)}" is missing`, ...expectedBy(issue) }];
  if (issue.code === "invalid_key")
    return [{ path: at, what: `the name "${String(field)}" is not allowed: ${issue.issues[0]?.message ?? ""}` }];
  if (issue.code === "custom" && inside.length === 0) return [{ path: at, what: issue.message }];
  return [{ path: at, what: `${where}${brief(found)} is not allowed`, expected: issue.message }];
}

function expectedBy(issue: z.core.$ZodIssue): { expected?: string } {
  return issue.code === "invalid_type"
    ? { expected: `a value of type ${issue.expected}` }
    : { expected: issue.message };
}

function hint(word: string, known: readonly string[]): string {
  const text = didYouMean(word, known, "");
  return text === "" ? "" : `; ${text}`;
}

/** The fields that the shape knows at this place. */
function fieldsOf(shape: z.ZodType, inside: readonly (string | number)[]): string[] {
  let at: unknown = shape;
  for (const key of inside)
    at = at instanceof z.ZodObject ? unwrapped((at.shape as Record<string, unknown>)[key]) : undefined;
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrapped(shape: unknown): unknown {
  let at = shape;
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault) at = at.unwrap();
  return at;
}

/** The value as a person wrote it, cut short. */
export function brief(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : (JSON.stringify(value) ?? "nothing");
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
