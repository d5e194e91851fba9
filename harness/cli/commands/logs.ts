// `triad logs`: output of a node's programs.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import type { NodeName } from "#spec/node.ts";
import { parseNode } from "../parse-option.ts";
import { addZoneFlag, examples, zoneOf } from "./options.ts";

export function addLogs(program: Command, context: CommandContext): void {
  const command = program
    .command("logs")
    .description("Prints the output of a node's programs.")
    .summary("print the output of a node's programs")
    .argument("<node>", "alpha, beta or gamma", parseNode)
    .option("-f, --follow", "continue until Ctrl-C");
  addZoneFlag(command)
    .addHelpText("after", examples("logs alpha", "logs beta --follow"))
    .action(async (node: NodeName, flags: ZoneChoice & { follow?: true }) => {
      const options = {
        node,
        isFollowing: flags.follow === true,
        write: (text: string) => context.write(text),
        ...zoneOf(flags),
      };
      await (await context.operations()).logs(options, context);
    });
}
