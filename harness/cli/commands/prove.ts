// `triad prove`: shows that each check can fail.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import { addSelection, examples, printOutcome, type SelectFlags, selectionOf } from "./options.ts";

export function addProve(program: Command, context: CommandContext): void {
  const command = program
    .command("prove")
    .summary("run mutants: zones with one known defect that their entry must find")
    .description(
      "Runs mutants, which are zones with one known defect each. The entry of each mutant must be broken.\n\n" +
        "Exit code: 0 when every chosen mutant broke its own entry and no unrelated one, else 1.",
    );
  addSelection(command)
    .addHelpText("after", examples("prove", "prove --only DUAL-0,alpha-isolated", "prove --suite security --jobs 2"))
    .action(async (flags: SelectFlags) => {
      const outcome = await (await context.operations()).prove(selectionOf(flags), context);
      printOutcome(context, outcome, flags.json);
    });
}
