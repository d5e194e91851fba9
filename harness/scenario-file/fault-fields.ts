// The fields of a fault as a file may write them: a list with one member without its brackets, and durations as text.

import { type FaultName, optionsOf } from "#spec/faults.ts";
import { fieldsOf } from "#spec/faults/fields.ts";
import { duration } from "./values.ts";

/** The fields as the fault's own shape takes them. What is wrong with them is left to that. */
export function faultFields(name: FaultName, given: Record<string, unknown>): Record<string, unknown> {
  const fields = new Map(fieldsOf(optionsOf(name)).map((field) => [field.name, field]));
  const plain = (key: string, value: unknown): unknown => {
    const field = fields.get(key);
    if (field?.takes === "words" && typeof value === "string") return [value];
    if (field?.takes !== "number" || !key.endsWith("Ms")) return value;
    const { success, data } = duration.safeParse(value);
    return success ? data : value;
  };
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, plain(key, value)]));
}
