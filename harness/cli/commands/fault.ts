// `triad fault`: one fault on a node of a zone that is up. It prints the proof of the effect.

import { Argument, type Command } from "commander";
import { HarnessError } from "#base/errors.ts";
import { didYouMean } from "#base/nearest.ts";
import type { CommandContext } from "#api/operations.ts";
import type { NodeFault, ZoneChoice } from "#api/zone-options.ts";
import type { NodeName } from "#spec/node.ts";
import { parseNode } from "../parse-option.ts";
import { addZoneFlag, examples, zoneOf } from "./options.ts";

const faults: Record<NodeFault, string> = {
  kill: "SIGKILL to every process of the node",
  stop: "shut the node down cleanly",
  pause: "freeze every process",
  resume: "end a pause",
  power: "power loss: no packet and no flush from this instant",
  reboot: "restart the node cleanly; the stores stay",
};

export function addFault(program: Command, context: CommandContext): void {
  const command = program
    .command("fault")
    .summary("kill, stop, pause, resume, power off or reboot a node")
    .description(
      "Injects a fault into a node of a zone that is up and prints the proof of its effect.\n\n" +
        "Only the faults below can be injected by hand, and partitions with `triad cut`. Scenarios inject all others.",
    )
    .addArgument(new Argument("<fault>", Object.keys(faults).join(", ")).argParser(parseFault))
    .argument("<node>", "alpha, beta or gamma", parseNode);
  const meanings = Object.entries(faults).map(([name, does]) => `  ${name.padEnd(8)}${does}`);
  addZoneFlag(command)
    .addHelpText(
      "after",
      `\nFaults:\n${meanings.join("\n")}\n${examples("fault kill alpha", "fault pause beta --zone second")}`,
    )
    .action(async (fault: NodeFault, node: NodeName, flags: ZoneChoice) => {
      context.print(await (await context.operations()).fault({ fault, node, ...zoneOf(flags) }, context));
    });
}

function parseFault(text: string): NodeFault {
  if (Object.hasOwn(faults, text)) return text as NodeFault;
  const names = Object.keys(faults);
  throw new HarnessError("usage/unknown-fault", `unknown fault "${text}"`, {
    expected: didYouMean(text, names, names.join(", ")),
    remedy: "See: ./triad fault --help",
  });
}
