// `triad snapshot`: the data of a zone that is up, into a folder.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import { folder } from "../parse-option.ts";
import { addZoneFlag, examples, printAnswer, zoneOf } from "./options.ts";

export function addSnapshot(program: Command, context: CommandContext): void {
  const command = program
    .command("snapshot")
    .summary("save the facts, cursors and consumers of a zone")
    .description("Saves the facts, cursors and consumers of a zone that is up into a new folder.")
    .argument("<folder>", "a new folder, for one file per stream and a manifest", folder("the folder"))
    .option("--json", "print the manifest as JSON");
  addZoneFlag(command)
    .addHelpText("after", examples("snapshot backup", "snapshot backup --zone second"))
    .action(async (path: string, flags: ZoneChoice & { json?: true }) => {
      const options = { folder: path, ...zoneOf(flags) };
      printAnswer(context, await (await context.operations()).snapshot(options, context), flags.json);
    });
}
