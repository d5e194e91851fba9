// `triad exec`: a program inside a node.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import type { NodeName } from "#spec/node.ts";
import { parseNode } from "../parse-option.ts";
import { addZoneFlag, examples, zoneOf } from "./options.ts";

export function addExec(program: Command, context: CommandContext): void {
  const command = program
    .command("exec")
    .summary("run a program inside a node")
    .description("Runs a program inside a node and ends with its exit code.")
    .argument("<node>", "alpha, beta or gamma", parseNode)
    .argument("<command...>", "the program and its arguments, after --");
  addZoneFlag(command)
    .addHelpText("after", examples("exec alpha -- ip -brief address", "exec gamma -- nats-server --version"))
    .action(async (node: NodeName, argv: string[], flags: ZoneChoice) => {
      context.exit(await (await context.operations()).exec({ node, argv, ...zoneOf(flags) }, context));
    });
}
