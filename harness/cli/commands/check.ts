// `triad check FOLDER`: judges saved evidence again, without Docker, and must agree with what was found then.

import type { Command } from "commander";
import { examples, tellOutcome } from "./options.ts";
import type { Door } from "#api/api.ts";
import { parseFolder } from "../parse-option.ts";

export function addCheck(program: Command, door: Door): void {
  program
    .command("check")
    .summary("judge a saved evidence folder again, without Docker")
    .argument("<folder>", "the --out folder of a gate", parseFolder)
    .option("--json", "print the outcome as JSON")
    .addHelpText("after", examples("check evidence/latest"))
    .action(async (folder: string, flags: { json?: true }) => {
      tellOutcome(door, await (await door.triad()).check(folder, door.context), flags.json);
    });
}
