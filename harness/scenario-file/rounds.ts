// The rounds of a sweep or a random: which values their names have in each, and where each value stands in the file.

import type { Random } from "#base/random.ts";
import type { Path } from "./source.ts";

interface Bound {
  value: unknown;
  path: Path;
}

/** What `$name` stands for. */
export type Bindings = Readonly<Record<string, Bound>>;
/** The values of each name: a list, or a range of milliseconds. */
export type Choices = Readonly<Record<string, readonly unknown[] | { from: number; to: number }>>;

export function combinationsOf(over: Choices): number {
  return listsOf(over, []).reduce((product, [, values]) => product * values.length, 1);
}

/** Every combination; the last name changes first. */
export function everyRound(over: Choices, path: Path): Bindings[] {
  let all: Bindings[] = [{}];
  for (const [name, values] of listsOf(over, path))
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  return all;
}

/** Each value once, beside the first value of the other names. */
export function eachValue(choices: Choices, path: Path): Bindings[] {
  const lists = listsOf(choices, path);
  const longest = Math.max(...lists.map(([, values]) => values.length));
  return Array.from({ length: longest }, (_, place) =>
    Object.fromEntries(lists.map(([name, values]) => [name, (values[place] ?? values[0])!])),
  );
}

export function drawnRound(choices: Choices, random: Random): Bindings {
  const draw = (from: Choices[string]) =>
    isList(from) ? from[random.below(from.length)] : from.from + random.below(from.to - from.from + 1);
  return Object.fromEntries(Object.entries(choices).map(([name, from]) => [name, { value: draw(from), path: [] }]));
}

/** A range stands for its two ends. */
function listsOf(choices: Choices, path: Path): [name: string, values: Bound[]][] {
  return Object.entries(choices).map(([name, from]) => {
    const ends: [string | number, unknown][] = isList(from) ? [...from.entries()] : Object.entries(from);
    return [name, ends.map(([key, value]) => ({ value, path: [...path, name, key] }))];
  });
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}
