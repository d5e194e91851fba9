// `triad check`: judges saved evidence again. The result must agree with the saved verdicts.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import { folder } from "../parse-option.ts";
import { examples, printOutcome } from "./options.ts";

export function addCheck(program: Command, context: CommandContext): void {
  program
    .command("check")
    .summary("judge a saved evidence folder again (no Docker)")
    .description(
      "Judges the histories of an evidence folder again and compares with the saved verdicts. No Docker.\n\n" +
        "It reads histories of older formats too, and leaves the folder as it is.",
    )
    .argument("<folder>", "evidence folder of a gate", folder("the folder"))
    .option("--json", "print the outcome as JSON")
    .addHelpText("after", examples("check /tmp/evidence", "check /tmp/evidence --json"))
    .action(async (path: string, flags: { json?: true }) => {
      printOutcome(context, await (await context.operations()).check(path, context), flags.json);
    });
}
