// `triad cut`: a network partition in a zone that is up. It prints the proof of the effect.

import type { Command } from "commander";
import { HarnessError } from "#base/errors.ts";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import type { Segment } from "#spec/node.ts";
import { list, parseNode, parseNodeOrClients, segments } from "../parse-option.ts";
import { addZoneFlag, examples, zoneOf } from "./options.ts";

interface CutFlags extends ZoneChoice {
  segment?: Segment[];
  oneWay?: true;
}

export function addCut(program: Command, context: CommandContext): void {
  const command = program
    .command("cut")
    .summary("drop packets between nodes")
    .description("Drops packets between nodes of a zone that is up and prints the proof of its effect.")
    .argument("<nodes>", "the node or nodes to cut off, with commas between them", list("nodes"))
    .argument("[peers...]", "nodes or `clients` that they cannot reach (default: all)", list("peers"))
    .option("--segment <names...>", "zone, control or peer (default: zone and control)", segments("--segment"))
    .option("--one-way", "drop only packets from the nodes to the peers");
  addZoneFlag(command)
    .addHelpText("after", examples("cut alpha", "cut alpha beta,gamma --segment zone", "cut alpha beta --one-way"))
    .action(async (nodes: string[], peers: string[] | undefined, flags: CutFlags) => {
      const options = {
        nodes: nodes.map(parseNode),
        peers: (peers ?? []).map(parseNodeOrClients),
        segments: flags.segment ?? ["zone" as const, "control" as const],
        isOneWay: flags.oneWay === true,
        ...zoneOf(flags),
      };
      const both = options.nodes.filter((node) => options.peers.includes(node));
      if (both.length > 0)
        throw new HarnessError("usage/bad-value", `cannot cut ${both.join(", ")} from itself`, {
          expected: "no node on both sides",
        });
      context.print(await (await context.operations()).cut(options, context));
    });
}
