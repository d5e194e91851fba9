// `triad list`: what the registries and the catalogue hold.

import type { Listing } from "#api/answers.ts";
import { allEntries } from "#run/read-catalogue.ts";
import { doesOf, faultNames } from "#spec/faults.ts";
import { select, suites } from "#spec/scenarios/index.ts";

export async function list(): Promise<Listing> {
  return {
    entries: allEntries().map(({ id, slug, section, says }) => ({ id, slug, section, says })),
    scenarios: select([], []).map(({ name, suite, entries }) => ({ name, suite, entries })),
    suites: Object.keys(suites).map((name) => ({ name, scenarios: select([name], []).length })),
    faults: faultNames.map((name) => ({ name, does: doesOf(name) })),
  };
}
