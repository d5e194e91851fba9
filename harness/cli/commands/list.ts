// `triad list`: every name that other commands take.

import { type Command, Argument } from "commander";
import { HarnessError } from "#base/errors.ts";
import { counted } from "#checkers/checker.ts";
import { examples } from "./options.ts";
import type { Door, Listing } from "#api/api.ts";

const kinds = ["entries", "suites", "scenarios", "faults"] as const;
type Kind = (typeof kinds)[number];

export function addList(program: Command, door: Door): void {
  program
    .command("list")
    .summary("name the entries, suites, scenarios and faults there are")
    .addArgument(new Argument("[kind]", "one of them only").argParser(parseKind))
    .option("--json", "print them as JSON")
    .addHelpText("after", examples("list", "list scenarios --json"))
    .action(async (kind: Kind | undefined, flags: { json?: true }) => {
      const rows = rowsOf(await (await door.triad()).list());
      const chosen = kind ? [kind] : kinds;
      if (flags.json) return door.print(JSON.stringify(Object.fromEntries(chosen.map((name) => [name, rows[name]]))));
      const text = chosen.map((name) => textOf(name, rows[name]));
      door.print(text.join("\n\n"));
    });
}

interface Row {
  name: string;
  /** Of an entry: its readable name. */
  slug?: string;
  says: string;
}

function parseKind(text: string): Kind {
  const kind = kinds.find((name) => name === text);
  if (kind) return kind;
  throw new HarnessError("usage/bad-value", `"${text}" cannot be listed`, { expected: kinds.join(", ") });
}

function rowsOf(listing: Listing): Record<Kind, Row[]> {
  const suites = Map.groupBy(listing.scenarios, (scenario) => scenario.suite);
  return {
    entries: listing.entries.map(({ id, slug, says }) => ({ name: id, slug, says })),
    suites: [...suites].map(([name, scenarios]) => ({ name, says: counted(scenarios.length, "scenario") })),
    scenarios: listing.scenarios.map(({ name, entries }) => ({ name, says: entries.join(" ") })),
    faults: listing.faults.map(({ name, does }) => ({ name, says: does })),
  };
}

function textOf(title: string, rows: Row[]): string {
  const named = rows.map(({ name, slug = "", says }) => ({ cells: [name, ...(slug ? [slug] : [])], says }));
  const widths = [0, 1].map((column) => Math.max(0, ...named.map(({ cells }) => cells[column]?.length ?? 0)));
  const lines = named.map(({ cells, says }) => [...cells.map((cell, at) => cell.padEnd(widths[at]!)), says].join("  "));
  return [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
