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
      "Judges the histories of an evidence folder again, without Docker. Then compares the result with the plan, the " +
        "digests, the saved verdicts and every report of the folder. Reads histories of older formats too.\n\n" +
        "Exit code: as for gate; 1 also when the folder differs from its evidence. Each difference is named.",
    )
    .argument("<folder>", "evidence folder of a gate", folder("the folder"))
    .option("--write", "write verdicts.json and the reports again, from the histories")
    .option("--json", "print the outcome as JSON")
    .addHelpText("after", examples("check /tmp/evidence", "check /tmp/evidence --json"))
    .action(async (path: string, flags: { json?: true; write?: true }) => {
      const options = { folder: path, isWriting: flags.write === true };
      printOutcome(context, await (await context.operations()).check(options, context), flags.json);
    });
}
