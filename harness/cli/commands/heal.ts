// `triad heal`: undoes the faults of a zone that is up.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import type { FaultName } from "#spec/faults.ts";
import type { NodeName } from "#spec/node.ts";
import { parseNode } from "../parse-option.ts";
import { parseFault } from "./fault.ts";
import { addZoneFlag, examples, zoneOf } from "./options.ts";

interface HealFlags extends ZoneChoice {
  node?: NodeName;
}

export function addHeal(program: Command, context: CommandContext): void {
  const command = program
    .command("heal")
    .summary("undo the faults of a zone")
    .description(
      "Undoes faults of a zone, the last one first, and prints the proofs: ends cuts, starts and resumes nodes.",
    )
    .argument("[fault]", "only this fault (default: all)", (text: string) =>
      text === "all" ? undefined : parseFault(text),
    )
    .option("--node <name>", "only on this node", parseNode);
  addZoneFlag(command)
    .addHelpText("after", examples("heal", "heal pause --node beta", "heal all --zone second"))
    .action(async (fault: FaultName | undefined, flags: HealFlags) => {
      const options = { ...defined({ fault, node: flags.node }), ...zoneOf(flags) };
      context.print(await (await context.operations()).heal(options, context));
    });
}
