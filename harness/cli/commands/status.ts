// `triad status`: the zones that are up.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import { examples, printAnswer } from "./options.ts";

export function addStatus(program: Command, context: CommandContext): void {
  program
    .command("status")
    .summary("show the zones that are up, their roles and their faults")
    .description("Shows each zone that is up: who holds the VIP, the role of each node, and the active faults.")
    .option("--json", "print the status as JSON")
    .addHelpText("after", examples("status", "status --json"))
    .action(async (flags: { json?: true }) => {
      printAnswer(context, await (await context.operations()).status(context), flags.json);
    });
}
