// `triad prune`: removes what crashed runs left behind.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import { examples, printAnswer } from "./options.ts";

export function addPrune(program: Command, context: CommandContext): void {
  program
    .command("prune")
    .summary("remove what crashed runs left behind")
    .description("Removes what crashed runs left behind. It touches neither live runs nor zones that are up.")
    .option("--json", "print the counts as JSON")
    .addHelpText("after", examples("prune", "prune --json"))
    .action(async (flags: { json?: true }) =>
      printAnswer(context, await (await context.operations()).prune(context), flags.json),
    );
}
