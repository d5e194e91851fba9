// `triad up|status|down|logs|exec`: one zone by hand, for a developer with a question. No verdict comes of it.

import type { Command } from "commander";
import { HarnessError } from "#base/errors.ts";
import type { NodeName } from "#spec/node.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import { examples, tellAnswer } from "./options.ts";
import type { Door } from "#api/api.ts";
import { parseNode, parseStores, parseTier, parseZoneName } from "../parse-option.ts";

const defaultZone = "zone";

export interface ZoneFlag {
  zone?: string;
}

/** The zone that a command means; none given: the only one that is up. */
export function addZoneFlag(command: Command): Command {
  return command.option("--zone <name>", "which zone (default: the only one that is up)", parseZoneName);
}

export function addZone(program: Command, door: Door): void {
  addUp(program, door);
  addStatus(program, door);
  addDown(program, door);
  addLogs(program, door);
  addExec(program, door);
}

function addUp(program: Command, door: Door): void {
  program
    .command("up")
    .summary("start a zone and leave it running")
    .argument("[name]", "what to call it", parseZoneName, defaultZone)
    .option("--tier <tier>", "standard or critical", parseTier, "standard" as Tier)
    .option("--stores <kind>", "what the nodes' data lie on: folder, ext4 or xfs", parseStores, "folder" as StoreKind)
    .option("--json", "print it as JSON")
    .addHelpText("after", examples("up", "up second --tier critical --stores ext4"))
    .action(async (name: string, { tier, stores, json }: { tier: Tier; stores: StoreKind; json?: true }) => {
      tellAnswer(door, await (await door.triad()).zoneUp({ name, tier, stores }, door.context), json);
    });
}

function addStatus(program: Command, door: Door): void {
  program
    .command("status")
    .summary("show the zones that are up: who owns the VIP, who serves, what is broken")
    .option("--json", "print it as JSON")
    .addHelpText("after", examples("status"))
    .action(async (flags: { json?: true }) => {
      tellAnswer(door, await (await door.triad()).zoneStatus(door.context), flags.json);
    });
}

function addDown(program: Command, door: Door): void {
  program
    .command("down")
    .summary("remove a zone that `up` left running")
    .argument("[name]", "which one (default: the only one that is up)", parseZoneName)
    .option("--all", "every one of them")
    .option("--json", "print it as JSON")
    .addHelpText("after", examples("down", "down --all"))
    .action(async (name: string | undefined, { all, json }: { all?: true; json?: true }) => {
      if (name !== undefined && all) {
        throw new HarnessError("usage/bad-command", `both a zone (${name}) and --all were given`, {
          expected: "one of them",
        });
      }
      const options = { isAll: all === true, ...(name === undefined ? {} : { name }) };
      tellAnswer(door, await (await door.triad()).zoneDown(options, door.context), json);
    });
}

function addLogs(program: Command, door: Door): void {
  const command = program
    .command("logs")
    .summary("print what a node's programs wrote")
    .argument("<node>", "alpha, beta or gamma", parseNode)
    .option("-f, --follow", "go on until Ctrl-C");
  addZoneFlag(command)
    .addHelpText("after", examples("logs alpha", "logs beta -f"))
    .action(async (node: NodeName, flags: ZoneFlag & { follow?: true }) => {
      const options = {
        node,
        isFollowing: flags.follow === true,
        write: (text: string) => door.write(text),
        ...zoneOf(flags),
      };
      await (await door.triad()).logs(options, door.context);
    });
}

function addExec(program: Command, door: Door): void {
  const command = program
    .command("exec")
    .summary("run a program inside a node")
    .argument("<node>", "alpha, beta or gamma", parseNode)
    .argument("<command...>", "the program and its arguments, after --");
  addZoneFlag(command)
    .addHelpText("after", examples("exec alpha -- ip -brief address", "exec gamma -- nats-server --version"))
    .action(async (node: NodeName, argv: string[], flags: ZoneFlag) => {
      door.exit(await (await door.triad()).exec({ node, argv, ...zoneOf(flags) }, door.context));
    });
}

/** The flag as a field, absent when it was not given. */
export function zoneOf(flags: ZoneFlag): { zone?: string } {
  return flags.zone === undefined ? {} : { zone: flags.zone };
}
