// `triad prove`: shows that the checks can fail, by running each entry against the zone that is wrong in just that way.

import type { Command } from "commander";
import { addSelection, examples, type SelectFlags, selectionOf, tellOutcome } from "./options.ts";
import type { Door } from "#api/api.ts";

export function addProve(program: Command, door: Door): void {
  const command = program
    .command("prove")
    .summary("show each check red on a zone that is wrong in just that way")
    .description("Exit 0 when every chosen entry was broken on its wrong zone and its neighbours were left unharmed.");
  addSelection(command)
    .addHelpText("after", examples("prove", "prove --only DUAL-0,FAIL-5"))
    .action(async (flags: SelectFlags) => {
      tellOutcome(door, await (await door.triad()).prove(selectionOf(flags), door.context), flags.json);
    });
}
