// The catalogue of statements that a zone is held to: YAML text in, entries out. It reads no file;
// harness/run/read-catalogue.ts reads fixtures/catalogue.yaml.

import { parse } from "yaml";

import { HarnessError, messageOf } from "#base/errors.ts";
import { didYouMean } from "#base/nearest.ts";
import { type MonitorName, monitorSpecs } from "./monitor.ts";

export interface CatalogueEntry {
  id: string;
  /** Its readable name, usable wherever the id is. */
  slug: string;
  /** Section of the pattern, e.g. "failure". */
  section: string;
  /** What must be true: the promise that a verdict quotes. */
  says: string;
  /** What is done to the zone. Absent: the steady state is checked. */
  provoke?: string;
  /** What evidence decides. */
  decide?: string;
  /** The mutant that must turn this entry red. */
  mutant?: string;
}

const fields = ["slug", "says", "provoke", "decide", "mutant"] as const;
const idShape = /^[A-Z]{3,5}-\d{1,2}$/;
const slugShape = /^[a-z][a-z0-9]*(?:-[a-z0-9]+){1,3}$/;

/**
 * Entries of a catalogue, in the order of the file.
 *
 * @throws HarnessError `usage/bad-value` naming the entry and what is wrong with it.
 */
export function catalogueOf(text: string): CatalogueEntry[] {
  const sections = recordOf(parseYaml(text), "the catalogue");
  const entries = new Map<string, CatalogueEntry>();
  const idOfSlug = new Map<string, string>();
  for (const [section, rows] of Object.entries(sections)) {
    for (const [id, row] of Object.entries(recordOf(rows, `section ${section}`))) {
      if (entries.has(id)) throw bad(`entry ${id} is listed twice`, "each id once");
      const entry = entryOf(section, id, recordOf(row, `entry ${id}`));
      const other = idOfSlug.get(entry.slug);
      if (other !== undefined) throw bad(`entries ${other} and ${id} have the slug "${entry.slug}"`, "a unique slug");
      idOfSlug.set(entry.slug, id);
      entries.set(id, entry);
    }
  }
  if (entries.size === 0) throw bad("the catalogue has no entry", "at least one");
  return [...entries.values()];
}

/**
 * The ids that a person meant by ids and slugs, in the order given, each once. Words in `others` stay as they are.
 *
 * @throws HarnessError `usage/unknown-entry` for the first unknown word, with the nearest known names.
 */
export function entryIdsOf(
  catalogue: readonly CatalogueEntry[],
  words: readonly string[],
  others: readonly string[] = [],
): string[] {
  const ids = new Map(others.map((name) => [name, name]));
  for (const { id, slug } of catalogue) ids.set(id, id).set(slug, id);
  const idOf = (word: string): string => {
    const id = ids.get(word);
    if (id !== undefined) return id;
    const expected = didYouMean(word, [...ids.keys()], "an id or a slug, as in FAIL-1 or alpha-fails");
    throw new HarnessError("usage/unknown-entry", `unknown entry "${word}"`, { expected });
  };
  return [...new Set(words.map(idOf))];
}

function entryOf(section: string, id: string, row: Record<string, unknown>): CatalogueEntry {
  if (!idShape.test(id)) throw bad(`"${id}" is not an entry id`, "capitals, a dash and a number, as in FAIL-1");
  const entry: Record<string, string> = { id, section };
  let last: string | undefined;
  for (const [field, value] of Object.entries(row)) {
    // Inside braces, YAML reads `decide: VIP owner, raft peers` as two keys, the second without a value. The author
    // wrote one sentence, so it is read as one.
    if (value === null && last !== undefined && !(fields as readonly string[]).includes(field)) {
      entry[last] += `, ${field}`;
      continue;
    }
    if (!(fields as readonly string[]).includes(field))
      throw bad(`entry ${id} has the field "${field}"`, fields.join(", "));
    if (typeof value !== "string" || value.trim() === "")
      throw bad(`${field} of entry ${id} is not text`, "a sentence");
    entry[field] = value;
    last = field;
  }
  if (entry["says"] === undefined) throw bad(`entry ${id} has no field "says"`, "what must be true");
  if (id in monitorSpecs) {
    if (entry["slug"] !== undefined) throw bad(`entry ${id} has a slug`, "none: harness/spec/monitor.ts has it");
    entry["slug"] = monitorSpecs[id as MonitorName].slug;
  }
  if (!slugShape.test(entry["slug"] ?? ""))
    throw bad(`entry ${id} has the slug "${entry["slug"] ?? ""}"`, "2 to 4 lower-case words, as in alpha-fails");
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
  throw bad(`${what} is not a table`, "names with values");
}

function bad(happened: string, expected: string): HarnessError {
  return new HarnessError("usage/bad-value", happened, { expected });
}
