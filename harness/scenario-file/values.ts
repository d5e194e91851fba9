// The values that fields of a scenario file may have: durations, names of nodes and segments, lists with one member.

import { z } from "zod";
import { nodeNames, serviceNodes } from "#spec/node.ts";

const unitMs = { ms: 1, s: 1_000, min: 60_000 } as const;
const durationPattern = /^(\d+(?:\.\d+)?) ?(ms|s|min)$/;
/** No wait and no deadline of a scenario is longer. */
export const durationMaxMs = 3_600_000;

const durationWords = 'a duration: a number of milliseconds, or text such as "500ms", "3s" or "2min"';

/** Milliseconds, from a number or from text. */
export const duration = z
  .union(
    [z.number().nonnegative({ error: durationWords }), z.string().regex(durationPattern, { error: durationWords })],
    {
      error: durationWords,
    },
  )
  .transform(millisecondsOf)
  .refine((ms) => ms <= durationMaxMs, { error: "the longest duration is 60min" });

function millisecondsOf(value: number | string): number {
  if (typeof value === "number") return value;
  const [, figure, unit] = durationPattern.exec(value) ?? [];
  return Math.round(Number(figure) * unitMs[unit as keyof typeof unitMs]);
}

/** The shortest text for a duration: "2min", "3s", "1.5s" or "20ms". */
export function durationOf(ms: number): string {
  if (ms > 0 && ms % unitMs.min === 0) return `${ms / unitMs.min}min`;
  return ms >= unitMs.s && ms % 100 === 0 ? `${ms / unitMs.s}s` : `${ms}ms`;
}

export const node = z.enum(nodeNames);
export const serviceNode = z.enum(serviceNodes);
export const segment = z.enum(["zone", "control", "peer"]);

/** A list, or its only member without the brackets. */
export const listOf = <T extends z.ZodType>(one: T) =>
  z.union([z.array(one).min(1).max(100), one.transform((member) => [member])]);

/** Nodes, or the word "all". */
export const nodesOrAll = z.union([listOf(node), z.literal("all").transform(() => [...nodeNames])]);
