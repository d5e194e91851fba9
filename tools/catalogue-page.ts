// docs/catalogue.md: each statement of the pattern with what decides it here and what shows that its check can turn
// red. Pure: registries in, Markdown out.

import type { CatalogueEntry } from "../harness/spec/catalogue.ts";
import type { ScenarioSpec } from "../harness/spec/scenario.ts";

export interface CatalogueFacts {
  entries: readonly CatalogueEntry[];
  scenarios: readonly ScenarioSpec[];
  /** Entries that a checker decides. */
  checked: readonly string[];
  mutants: readonly { name: string; entry: string }[];
}

/** A longer list is given as a count: every scenario decides DUAL-0. */
const namesMax = 6;

export function cataloguePage(facts: CatalogueFacts): string {
  const isDecided = ({ id }: CatalogueEntry) => facts.checked.includes(id) && decidersOf(id, facts).length > 0;
  const decided = facts.entries.filter(isDecided).length;
  const shown = facts.entries.filter(({ id }) => facts.mutants.some((mutant) => mutant.entry === id)).length;
  const intro =
    "What a zone must do, word for word from `fixtures/catalogue.yaml`, and what decides it here. An entry has an id and a\n" +
    "readable name; commands take either. " +
    `There are ${facts.entries.length} entries. Scenarios decide ${decided} of them. For ${shown} there is a\n` +
    "mutant: a zone that is wrong in one way, which `triad prove` must find broken. An entry that no\n" +
    "scenario decides gets no verdict. `triad list entries` also lists the entries of [beyond.md](beyond.md), which the\n" +
    "pattern does not promise.";
  const sections = Map.groupBy(facts.entries, ({ section }) => section);
  const head =
    "| entry | slug | says | provoked by | decided by | scenarios | turned red by |\n| --- | --- | --- | --- | --- | --- | --- |";
  const parts = [...sections].map(
    ([section, entries]) =>
      `## ${section.replaceAll("_", " ")}\n\n${head}\n${entries.map((one) => row(one, isDecided(one), facts)).join("\n")}`,
  );
  return `${intro}\n\n${parts.join("\n\n")}\n`;
}

function row(entry: CatalogueEntry, isDecided: boolean, facts: CatalogueFacts): string {
  const zones = facts.mutants.filter((one) => one.entry === entry.id).map(({ name }) => `\`${name}\``);
  const red = zones.length > 0 ? zones.join(", ") : entry.mutant === undefined ? "-" : `no mutant yet: ${entry.mutant}`;
  const cells = [
    entry.id,
    `\`${entry.slug}\``,
    entry.says,
    entry.provoke ?? "nothing",
    entry.decide ?? "-",
    isDecided ? decidersOf(entry.id, facts).join("; ") : "**not decided yet**",
    red,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

/** By suite, e.g. "failure: `fail-1-kill`, `fail-1-stop`". */
function decidersOf(id: string, { scenarios }: CatalogueFacts): string[] {
  const deciding = scenarios.filter(({ entries }) => entries.includes(id));
  return [...Map.groupBy(deciding, ({ suite }) => suite)].map(([suite, of]) => {
    const all = scenarios.filter((one) => one.suite === suite).length;
    if (of.length <= namesMax) return `${suite}: ${of.map(({ name }) => `\`${name}\``).join(", ")}`;
    return `${suite}: ${of.length === all ? `all ${all}` : `${of.length} of ${all}`}`;
  });
}
