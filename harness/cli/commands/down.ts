// `triad down`: removes a zone that `triad up` or `gate --keep` left running.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { CommandContext } from "#api/operations.ts";
import { zoneName } from "../parse-option.ts";
import { examples, printAnswer } from "./options.ts";

export function addDown(program: Command, context: CommandContext): void {
  program
    .command("down")
    .summary("remove a zone that is up")
    .description("Removes a zone that is up, with its containers, networks and data.")
    .argument("[name]", "which zone (default: the only one that is up)", zoneName("zone name"))
    .option("--all", "remove every zone that is up")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples("down", "down second", "down --all"))
    .action(async (name: string | undefined, { all, json }: { all?: true; json?: true }) => {
      if (name !== undefined && all)
        throw new HarnessError("usage/bad-command", `zone ${name} and --all exclude each other: give one of them`);
      const options = { isAll: all === true, ...defined({ name }) };
      printAnswer(context, await (await context.operations()).down(options, context), json);
    });
}
