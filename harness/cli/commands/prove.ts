// `triad prove`: shows that each check can fail.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import { addSelection, examples, printOutcome, type SelectFlags, selectionOf } from "./options.ts";

export function addProve(program: Command, context: CommandContext): void {
  const command = program
    .command("prove")
    .summary("run mutants (zones with one defect) and check that their entries detect them")
    .description(
      "Runs mutants, which are zones with one known defect each. Each mutant must break its own entry.\n\n" +
        "Exit code: 0 when every chosen mutant broke its own entry and no unrelated one, else 1.",
    );
  addSelection(command, "run only the mutants of these entries, or the mutants of these names (see: fixtures/mutants)")
    .addHelpText(
      "after",
      examples(
        "prove",
        "prove --only DUAL-0,alpha-isolated",
        "prove --only time-1-no-hold-down",
        "prove --suite security --jobs 2",
      ),
    )
    .action(async (flags: SelectFlags) => {
      const outcome = await (await context.operations()).prove(selectionOf(flags), context);
      printOutcome(context, outcome, flags.json);
    });
}
