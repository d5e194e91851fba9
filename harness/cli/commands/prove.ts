// `triad prove`: shows that each check can fail, with mutants in real zones or with changed histories.

import { type Command, Option } from "commander";
import { defined } from "#base/defined.ts";
import type { CommandContext } from "#api/operations.ts";
import { controllerHelp, controllerImage } from "../parse-option.ts";
import { addSelection, examples, printAnswer, printOutcome, type SelectFlags, selectionOf } from "./options.ts";

interface ProveFlags extends SelectFlags {
  controller?: string;
  histories?: true;
}

export function addProve(program: Command, context: CommandContext): void {
  const command = program
    .command("prove")
    .summary("run mutants (zones with one defect) and check that their entries detect them")
    .description(
      "Runs mutants, which are zones with one known defect each. Each mutant must break its own entry.\n" +
        "With --histories, changes recorded histories of right zones instead, without Docker. Each change must make its " +
        "entries broken or unknown.\n\n" +
        "A zone starts beside others only while the machine is calm, also with --jobs. If CPU contention left a " +
        "scenario without a verdict, it runs once more at the end, alone, and the report says so.\n\n" +
        "Exit code: 0 when every chosen mutant broke its own entry and no unrelated one, else 1.\n" +
        "After a signal the proofs so far are printed, and the exit code is 128 plus its number.\n" +
        "With --histories: 1 when an entry misses a change that is not a known miss, else 0.",
    );
  addSelection(command, "run only the mutants of these entries, or the mutants of these names (see: fixtures/mutants)")
    .option(
      "--controller <image>",
      `${controllerHelp}; mutants of the reference controller are left out`,
      controllerImage,
    )
    .addOption(
      new Option("--histories", "change recorded histories instead of running zones (no Docker)").conflicts([
        "suite",
        "controller",
        "jobs",
        "out",
        "seed",
      ]),
    )
    .addHelpText(
      "after",
      examples(
        "prove",
        "prove --only DUAL-0,alpha-isolated",
        "prove --only time-1-no-hold-down",
        "prove --suite security --jobs 2",
        "prove --histories --only NET-5",
      ),
    )
    .action(async (flags: ProveFlags) => {
      const operations = await context.operations();
      if (!flags.histories) {
        const options = { ...selectionOf(flags), ...defined({ controller: flags.controller }) };
        printOutcome(context, await operations.prove(options, context), flags.json);
        return;
      }
      const shown = await operations.proveHistories(flags.only ?? [], context);
      printAnswer(context, shown, flags.json);
      context.exit(shown.exitCode);
    });
}
