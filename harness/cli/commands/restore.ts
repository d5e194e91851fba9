// `triad restore`: a snapshot into an empty zone.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import { folder } from "../parse-option.ts";
import { addZoneFlag, examples, printAnswer, zoneOf } from "./options.ts";

export function addRestore(program: Command, context: CommandContext): void {
  const command = program
    .command("restore")
    .summary("load a snapshot into a zone that holds no facts")
    .description("Loads a snapshot into a zone that is up and holds no facts yet.")
    .argument("<folder>", "folder of a snapshot", folder("the folder"))
    .option("--json", "print the result as JSON");
  addZoneFlag(command)
    .addHelpText("after", examples("restore backup", "restore backup --zone second"))
    .action(async (path: string, flags: ZoneChoice & { json?: true }) => {
      const options = { folder: path, ...zoneOf(flags) };
      printAnswer(context, await (await context.operations()).restore(options, context), flags.json);
    });
}
