// `triad fault|cut|heal`: breaks a zone that `up` left running, one fault at a time. Each prints what proves its effect.

import { type Command, Argument } from "commander";
import { HarnessError } from "#base/errors.ts";
import type { NodeName, Segment } from "#spec/node.ts";
import { examples } from "./options.ts";
import { addZoneFlag, type ZoneFlag, zoneOf } from "./zone.ts";
import type { Door, NodeFault } from "#api/api.ts";
import { collectList, parseNode, parsePeer, parseSegment } from "../parse-option.ts";

const ways: Record<NodeFault, string> = {
  kill: "SIGKILL to everything in the node",
  stop: "an orderly end",
  pause: "freeze every process",
  resume: "thaw them",
  power: "no packet and no flush from this instant",
  reboot: "an orderly restart; the stores stay",
};

export function addFaults(program: Command, door: Door): void {
  addFault(program, door);
  addCut(program, door);
  addHeal(program, door);
}

function addFault(program: Command, door: Door): void {
  const command = program
    .command("fault")
    .summary("kill, stop, pause, resume, power off or reboot a node")
    .addArgument(new Argument("<way>", Object.keys(ways).join(", ")).argParser(parseWay))
    .argument("<node>", "alpha, beta or gamma", parseNode);
  const meanings = Object.entries(ways).map(([way, does]) => `  ${way.padEnd(8)}${does}`);
  addZoneFlag(command)
    .addHelpText(
      "after",
      `\nWays:\n${meanings.join("\n")}\n${examples("fault kill alpha", "fault pause beta --zone second")}`,
    )
    .action(async (way: NodeFault, node: NodeName, flags: ZoneFlag) => {
      door.print(await (await door.triad()).fault({ way, node, ...zoneOf(flags) }, door.context));
    });
}

function addCut(program: Command, door: Door): void {
  const command = program
    .command("cut")
    .summary("drop packets between nodes; with no peer, between a node and everybody")
    .argument("<nodes>", "the node or nodes that are cut off, with commas", collectList)
    .argument("[peers...]", "nodes or `clients` that they no longer reach", collectList)
    .option("--segment <names...>", "zone or control (default: both)", parseSegment)
    .option("--one-way", "only packets from the nodes to the peers; the way back stays open");
  addZoneFlag(command)
    .addHelpText("after", examples("cut alpha", "cut alpha beta,gamma --segment zone", "cut alpha beta --one-way"))
    .action(
      async (
        nodes: string[],
        peers: string[] | undefined,
        flags: ZoneFlag & { segment?: Segment[]; oneWay?: true },
      ) => {
        const options = {
          nodes: nodes.map(parseNode),
          peers: (peers ?? []).map(parsePeer),
          segments: flags.segment ?? ["zone" as const, "control" as const],
          isOneWay: flags.oneWay === true,
          ...zoneOf(flags),
        };
        const both = options.nodes.filter((node) => options.peers.includes(node));
        if (both.length > 0) {
          throw new HarnessError("usage/bad-value", `${both.join(", ")} cannot be cut from itself`, {
            expected: "two sets without a node in common",
          });
        }
        door.print(await (await door.triad()).cut(options, door.context));
      },
    );
}

function addHeal(program: Command, door: Door): void {
  const command = program.command("heal").summary("undo every fault of a zone: cuts healed, nodes started and resumed");
  addZoneFlag(command)
    .addHelpText("after", examples("heal"))
    .action(async (flags: ZoneFlag) => {
      door.print(await (await door.triad()).heal(zoneOf(flags), door.context));
    });
}

function parseWay(text: string): NodeFault {
  if (Object.hasOwn(ways, text)) return text as NodeFault;
  throw new HarnessError("usage/unknown-fault", `there is no way "${text}" to break a node`, {
    expected: Object.keys(ways).join(", "),
  });
}
