// `triad list`: every name that other commands take.

import { Argument, type Command } from "commander";
import { counted } from "#checkers/checker.ts";
import type { Listing } from "#api/answers.ts";
import type { CommandContext } from "#api/operations.ts";
import { oneOf } from "../parse-option.ts";
import { examples } from "./options.ts";

const kinds = ["entries", "suites", "scenarios", "faults"] as const;
type Kind = (typeof kinds)[number];

export function addList(program: Command, context: CommandContext): void {
  program
    .command("list")
    .summary("list entries, suites, scenarios and faults")
    .description("Lists the names that other commands take.")
    .addArgument(new Argument("[kind]", `list only ${kinds.join(", ")}`).argParser(oneOf("kind", kinds)))
    .option("--json", "print the list as JSON")
    .addHelpText("after", examples("list", "list entries", "list scenarios --json"))
    .action(async (kind: Kind | undefined, flags: { json?: true }) => {
      const rows = rowsOf(await (await context.operations()).list());
      const chosen = kind ? [kind] : kinds;
      if (flags.json)
        return context.print(JSON.stringify(Object.fromEntries(chosen.map((name) => [name, rows[name]]))));
      context.print(chosen.map((name) => textOf(name, rows[name])).join("\n\n"));
    });
}

interface Row {
  name: string;
  /** Of an entry: its readable name. */
  slug?: string;
  says: string;
}

function rowsOf(listing: Listing): Record<Kind, Row[]> {
  return {
    entries: listing.entries.map(({ id, slug, says }) => ({ name: id, slug, says })),
    suites: listing.suites.map(({ name, scenarios }) => ({ name, says: counted(scenarios, "scenario") })),
    scenarios: listing.scenarios.map(({ name, entries }) => ({ name, says: entries.join(" ") })),
    faults: listing.faults.map(({ name, does }) => ({ name, says: does })),
  };
}

function textOf(title: string, rows: Row[]): string {
  const named = rows.map(({ name, slug, says }) => ({ cells: slug === undefined ? [name] : [name, slug], says }));
  const widths = [0, 1].map((column) => Math.max(0, ...named.map(({ cells }) => cells[column]?.length ?? 0)));
  const lines = named.map(({ cells, says }) => [...cells.map((cell, at) => cell.padEnd(widths[at]!)), says].join("  "));
  return [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}
