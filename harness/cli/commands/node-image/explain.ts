// `triad explain`: what a profile leaves out, and the entries that lose by it.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import { readableFile } from "#cli/parse-option.ts";
import { examples, printAnswer } from "../options.ts";

export function addExplain(program: Command, context: CommandContext): void {
  program
    .command("explain")
    .summary("show which entries a profile makes weaker or unknown")
    .description("Reads a profile and names the entries that its gaps make weaker or unknown. It starts nothing.")
    .requiredOption("--profile <file>", "YAML with the key node", readableFile("--profile"))
    .option("--json", "print the gaps as JSON")
    .addHelpText("after", examples("explain --profile node.yaml"))
    .action(async ({ profile, json }: { profile: string; json?: true }) => {
      printAnswer(context, await (await context.operations()).explain(profile), json);
    });
}
