// `triad heal`: undoes the faults of a zone that is up.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import { addZoneFlag, examples, zoneOf } from "./options.ts";

export function addHeal(program: Command, context: CommandContext): void {
  const command = program
    .command("heal")
    .summary("undo every fault of a zone")
    .description("Undoes every fault of a zone: ends cuts, starts and resumes nodes.");
  addZoneFlag(command)
    .addHelpText("after", examples("heal", "heal --zone second"))
    .action(async (flags: ZoneChoice) => {
      context.print(await (await context.operations()).heal(zoneOf(flags), context));
    });
}
