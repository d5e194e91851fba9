// The catalogue of statements a zone is held to: YAML text in, entries out. Not a reader of files: whoever
// runs the harness reads fixtures/catalogue.yaml and hands the text over.

import { parse } from "yaml";

import { HarnessError, messageOf } from "#base/errors.ts";

export interface CatalogueEntry {
  id: string;
  /** Section of the pattern, e.g. "failure". */
  section: string;
  /** What must be true: the promise that a verdict quotes. */
  says: string;
  /** What is done to the zone; absent when the steady state is looked at. */
  provoke?: string;
  /** What evidence decides. */
  decide?: string;
  /** The wrong zone that must turn this entry red. */
  seeded?: string;
}

const fields = ["says", "provoke", "decide", "seeded"] as const;
const idShape = /^[A-Z]{3,5}-\d{1,2}$/;

/**
 * Entries of a catalogue, in the order of the file.
 *
 * @throws HarnessError `usage/bad-value` naming the entry: not YAML, an id twice, an unknown field, no promise.
 */
export function catalogueOf(text: string): CatalogueEntry[] {
  const sections = recordOf(parseYaml(text), "the catalogue");
  const entries = new Map<string, CatalogueEntry>();
  for (const [section, rows] of Object.entries(sections)) {
    for (const [id, row] of Object.entries(recordOf(rows, `section ${section}`))) {
      if (entries.has(id)) throw bad(`entry ${id} stands twice`, "one line an entry");
      entries.set(id, entryOf(section, id, recordOf(row, `entry ${id}`)));
    }
  }
  if (entries.size === 0) throw bad("the catalogue holds no entry", "at least one");
  return [...entries.values()];
}

/**
 * The entries of these ids, in the order asked for, each once.
 *
 * @throws HarnessError `usage/unknown-entry` for the first id that the catalogue lacks.
 */
export function pickEntries(catalogue: readonly CatalogueEntry[], ids: readonly string[]): CatalogueEntry[] {
  const byId = new Map(catalogue.map((entry) => [entry.id, entry]));
  return [...new Set(ids)].map((id) => {
    const entry = byId.get(id);
    if (entry) return entry;
    const sameFamily = catalogue.filter((known) => known.id.split("-")[0] === id.toUpperCase().split("-")[0]);
    const expected =
      sameFamily.length > 0 ? `one of ${sameFamily.map((known) => known.id).join(", ")}` : "an id of the catalogue";
    throw new HarnessError("usage/unknown-entry", `entry "${id}" is not in the catalogue`, { expected });
  });
}

function entryOf(section: string, id: string, row: Record<string, unknown>): CatalogueEntry {
  if (!idShape.test(id)) throw bad(`entry "${id}" is no id`, "capitals, a dash and a number, as in FAIL-1");
  const entry: Record<string, string> = { id, section };
  let last: string | undefined;
  for (const [field, value] of Object.entries(row)) {
    // `decide: VIP owner, raft peers` inside braces is YAML for two keys, the second without a value: one sentence
    // to whoever wrote it, so it is read as one.
    if (value === null && last !== undefined && !(fields as readonly string[]).includes(field)) {
      entry[last] += `, ${field}`;
      continue;
    }
    if (!(fields as readonly string[]).includes(field))
      throw bad(`entry ${id} has the field "${field}"`, fields.join(", "));
    if (typeof value !== "string" || value.trim() === "") throw bad(`${field} of entry ${id} is no text`, "a sentence");
    entry[field] = value;
    last = field;
  }
  if (entry["says"] === undefined) throw bad(`entry ${id} says nothing`, "the field says");
  return entry as unknown as CatalogueEntry;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { uniqueKeys: true });
  } catch (thrown) {
    throw new HarnessError("usage/bad-value", `the catalogue is not YAML: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function recordOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw bad(`${what} is no table`, "names with values");
}

function bad(happened: string, expected: string): HarnessError {
  return new HarnessError("usage/bad-value", happened, { expected });
}
