// `triad snapshot|restore`: what a zone that is up keeps, into a folder and back into another zone. No verdict comes of it.

import type { Command } from "commander";
import { examples, tellAnswer } from "./options.ts";
import { addZoneFlag, type ZoneFlag, zoneOf } from "./zone.ts";
import type { Door } from "#api/api.ts";
import { parseFolder } from "../parse-option.ts";

type Flags = ZoneFlag & { json?: true };

export function addSnapshots(program: Command, door: Door): void {
  const snapshot = program
    .command("snapshot")
    .summary("save the facts, cursors and consumers of a zone that is up")
    .argument("<folder>", "a new one, for one file a stream and a manifest", parseFolder)
    .option("--json", "print it as JSON");
  addZoneFlag(snapshot)
    .addHelpText("after", examples("snapshot backup", "snapshot backup --zone second"))
    .action(async (folder: string, flags: Flags) => {
      tellAnswer(door, await (await door.triad()).snapshot({ folder, ...zoneOf(flags) }, door.context), flags.json);
    });
  const restore = program
    .command("restore")
    .summary("put a snapshot into a zone that holds no facts yet")
    .argument("<folder>", "of a snapshot", parseFolder)
    .option("--json", "print it as JSON");
  addZoneFlag(restore)
    .addHelpText("after", examples("restore backup", "restore backup --zone second"))
    .action(async (folder: string, flags: Flags) => {
      tellAnswer(door, await (await door.triad()).restore({ folder, ...zoneOf(flags) }, door.context), flags.json);
    });
}
