// The fields of a fault, read from its zod object: for the options of the command line and for docs/faults.md.

import type { z } from "zod";

export interface FaultField {
  name: string;
  /** "words" is a list of `choices`; "flag" needs no value on the command line. */
  takes: "word" | "words" | "number" | "flag" | "text";
  choices: readonly string[];
  /** Of a number. */
  min?: number;
  max?: number;
  isWhole: boolean;
  isRequired: boolean;
  /** As the command line writes it. Absent: none. */
  fallback?: string;
  says: string;
}

/** The part of a zod schema that is read here. */
interface Schema {
  description?: string;
  def: { type: string; innerType?: Schema; element?: Schema; defaultValue?: unknown };
  options?: readonly string[];
  minValue?: number | null;
  maxValue?: number | null;
  isInt?: boolean;
}

/** Every field, in the order of the object. @throws on a schema that no option can stand for */
export function fieldsOf(options: z.ZodObject): FaultField[] {
  return Object.entries(options.shape).map(([name, schema]) => fieldOf(name, schema as unknown as Schema));
}

function fieldOf(name: string, outer: Schema): FaultField {
  let schema = outer;
  let says = outer.description;
  let isRequired = true;
  let fallback: unknown;
  while (schema.def.innerType) {
    isRequired = false;
    if (schema.def.type === "default") fallback = schema.def.defaultValue;
    schema = schema.def.innerType;
    says ??= schema.description;
  }
  const isList = schema.def.type === "array";
  const element = isList ? schema.def.element! : schema;
  const takes = isList ? "words" : takesOf(name, element);
  return {
    name,
    takes,
    choices: element.options ?? [],
    ...(takes === "number" ? { min: schema.minValue ?? 0, max: schema.maxValue ?? Number.MAX_SAFE_INTEGER } : {}),
    isWhole: schema.isInt ?? false,
    isRequired,
    ...(fallback === undefined ? {} : { fallback: textOf(fallback) }),
    says: says ?? "",
  };
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join(",") : typeof value === "string" ? value : JSON.stringify(value);
}

const takesByType: Record<string, FaultField["takes"]> = {
  enum: "word",
  number: "number",
  boolean: "flag",
  string: "text",
};

function takesOf(name: string, { def }: Schema): FaultField["takes"] {
  const takes = takesByType[def.type];
  if (!takes) throw new Error(`no option of the command line stands for the field ${name} (${def.type})`);
  return takes;
}
