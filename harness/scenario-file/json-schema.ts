// The schema of a scenario file for editors, from the same shapes that the reader uses. It is a little wider than the
// reader: it knows no limits of the whole, and takes `$name` wherever a value may stand.

import { z } from "zod";
import { faultNames, optionsOf } from "#spec/faults.ts";
import { blockNames, blockShapes } from "./block-shapes.ts";
import { headShape } from "./head-shape.ts";
import { shortFields, stepShapes } from "./step-shapes.ts";
import { serviceNode } from "./values.ts";

type Json = Record<string, unknown>;

const bound: Json = { type: "string", pattern: "^\\$[a-z][A-Za-z0-9]*$" };
const steps: Json = { $ref: "#/$defs/steps" };
const to = { to: serviceNode.optional() };

/** The JSON Schema of scenario files. */
export function scenarioSchema(): Json {
  const { $schema, ...head } = schemaOf(headShape);
  return {
    $schema,
    title: "triad scenario",
    ...head,
    properties: { ...(head["properties"] as Json), steps },
    required: ["title", "steps"],
    $defs: {
      steps: { type: "array", minItems: 1, items: { $ref: "#/$defs/step" } },
      step: { anyOf: [{ $ref: "#/$defs/fault-step" }, ...leaves(), provoke(), ...blocks(), bare()] },
      "fault-step": { anyOf: faultNames.map((name) => faultOf(name, to)) },
      fault: { anyOf: faultNames.map((name) => faultOf(name, {})) },
    },
  };
}

function faultOf(name: (typeof faultNames)[number], more: Record<string, z.ZodType>): Json {
  return valueless(schemaOf(optionsOf(name).extend({ fault: z.literal(name), ...more })));
}

function leaves(): Json[] {
  return Object.entries(stepShapes).map(([name, fields]) => {
    const long = valueless(schemaOf(z.strictObject(fields)));
    const short = shortFields[name as keyof typeof shortFields];
    const value = short === undefined ? undefined : (long["properties"] as Json)[short];
    return only(name, value ? { anyOf: [value, long] } : long);
  });
}

function provoke(): Json {
  const faults = { type: "array", minItems: 1, items: { $ref: "#/$defs/fault" } };
  const properties = { faults, ...(valueless(schemaOf(z.strictObject(to)))["properties"] as Json) };
  return only("provoke", { type: "object", properties, required: ["faults"], additionalProperties: false });
}

function blocks(): Json[] {
  return blockNames.map((name) => {
    const head = valueless(schemaOf(blockShapes[name]));
    const inner = name === "parallel" ? { branches: { type: "array", minItems: 2, items: steps } } : { steps };
    const required = [...((head["required"] as string[] | undefined) ?? []), ...Object.keys(inner)];
    return only(name, { ...head, properties: { ...(head["properties"] as Json), ...inner }, required });
  });
}

/** Steps without fields. */
function bare(): Json {
  const isBare = (fields: object) => z.strictObject(fields as z.ZodRawShape).safeParse({}).success;
  const names = Object.entries(stepShapes).filter(([, fields]) => isBare(fields));
  return { enum: names.map(([name]) => name) };
}

function only(name: string, value: Json): Json {
  return { type: "object", properties: { [name]: value }, required: [name], additionalProperties: false };
}

function schemaOf(shape: z.ZodType): Json {
  return z.toJSONSchema(shape, { io: "input", unrepresentable: "any" }) as Json;
}

/** Each property may be a `$name` too. */
function valueless({ $schema: _, ...schema }: Json): Json {
  const properties = Object.entries((schema["properties"] as Json | undefined) ?? {});
  return {
    ...schema,
    properties: Object.fromEntries(
      properties.map(([name, one]) => [name, name === "fault" ? one : { anyOf: [one, bound] }]),
    ),
  };
}
