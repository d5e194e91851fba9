// Checks the fields of saved events against tables. A table is typed by the event that it describes: a missing or wrong
// row does not compile.

import { isNodeName, type NodeName } from "#spec/node.ts";

/** `figures`: an object whose values are all numbers. `nodes`: an array of node names. */
export type Field = "number" | "string" | "boolean" | "node" | "nodes" | "array" | "figures" | "object";

/** The fields of an object by name; one that ends in "?" may be absent. */
export type Fields = { readonly [name: string]: Field | `${Field}?` };

type FieldOf<T> = [T] extends [number]
  ? "number"
  : [T] extends [boolean]
    ? "boolean"
    : [T] extends [NodeName]
      ? "node"
      : [T] extends [string]
        ? "string"
        : [T] extends [readonly NodeName[]]
          ? "nodes"
          : [T] extends [readonly unknown[]]
            ? "array"
            : [T] extends [Record<keyof T, number>]
              ? "figures"
              : "object";

/** The only right table for objects of type `T`. */
export type FieldsOf<T> = {
  [K in keyof T]-?: object extends Pick<T, K> ? `${FieldOf<NonNullable<T[K]>>}?` : FieldOf<T[K]>;
};

/** Name of the first field that is missing or holds another type. `null` counts as absent. */
export function wrongField(value: Record<string, unknown>, fields: Fields): string | undefined {
  for (const name in fields) if (!isOf(fields[name]!, value[name])) return name;
  return undefined;
}

function isOf(field: Fields[string], value: unknown): boolean {
  if (field.endsWith("?")) return value === undefined || value === null || isOf(field.slice(0, -1) as Field, value);
  switch (field) {
    case "node":
      return isNode(value);
    case "nodes":
      return Array.isArray(value) && value.every(isNode);
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    case "figures":
      return isRecord(value) && Object.values(value).every((one) => typeof one === "number");
    default:
      return typeof value === field;
  }
}

function isNode(value: unknown): boolean {
  return typeof value === "string" && isNodeName(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
