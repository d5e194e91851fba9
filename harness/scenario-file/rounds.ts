// The rounds of a sweep or a random: which values their names have in each.

import type { Random } from "#base/random.ts";

/** What `$name` stands for. */
export type Bindings = Readonly<Record<string, unknown>>;
/** The values of each name: a list, or a range of milliseconds. */
export type Choices = Readonly<Record<string, readonly unknown[] | { from: number; to: number }>>;

export function combinationsOf(over: Choices): number {
  return listsOf(over).reduce((product, [, values]) => product * values.length, 1);
}

/** Every combination; the last name changes first. */
export function everyRound(over: Choices): Bindings[] {
  let all: Bindings[] = [{}];
  for (const [name, values] of listsOf(over))
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  return all;
}

/** Each value once, beside the first value of the other names. */
export function eachValue(choices: Choices): Bindings[] {
  const lists = listsOf(choices);
  const longest = Math.max(...lists.map(([, values]) => values.length));
  return Array.from({ length: longest }, (_, place) =>
    Object.fromEntries(lists.map(([name, values]) => [name, values[place] ?? values[0]])),
  );
}

export function drawnRound(choices: Choices, random: Random): Bindings {
  const draw = (from: Choices[string]) =>
    isList(from) ? from[random.below(from.length)] : from.from + random.below(from.to - from.from + 1);
  return Object.fromEntries(Object.entries(choices).map(([name, from]) => [name, draw(from)]));
}

/** A range stands for its two ends. */
function listsOf(choices: Choices): [name: string, values: readonly unknown[]][] {
  return Object.entries(choices).map(([name, from]) => [name, isList(from) ? from : [from.from, from.to]]);
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}
