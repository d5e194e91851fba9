// The two catalogues that this project carries, read once.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "#base/repository.ts";
import { type CatalogueEntry, catalogueOf, entryIdsOf } from "#spec/catalogue.ts";

const read = new Map<string, CatalogueEntry[]>();

/** Statements of the pattern. */
export function catalogue(): CatalogueEntry[] {
  return readOnce("catalogue.yaml");
}

/** The pattern's statements, then what is observed beyond the pattern. */
export function allEntries(): CatalogueEntry[] {
  return [...catalogue(), ...readOnce("beyond.yaml")];
}

/** Ids for ids and slugs, mixed. Words in `others` stay as they are. @throws HarnessError `usage/unknown-entry` */
export function entryIds(words: readonly string[], others: readonly string[] = []): string[] {
  return entryIdsOf(allEntries(), words, others);
}

/** "FAIL-5 alpha-isolated", for a line that names an entry. */
export function entryName(id: string): string {
  const entry = allEntries().find((one) => one.id === id);
  return entry ? `${id} ${entry.slug}` : id;
}

function readOnce(name: string): CatalogueEntry[] {
  const known = read.get(name) ?? catalogueOf(readFileSync(join(repository, "fixtures", name), "utf8"));
  read.set(name, known);
  return known;
}
