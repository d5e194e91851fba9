// `triad gate`: the release gate. Its exit code is the verdict.

import type { Command } from "commander";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import { addSelection, examples, type SelectFlags, selectionOf, tellOutcome } from "./options.ts";
import type { Door } from "#api/api.ts";
import { parseFile, parseStores, parseTier, wholeNumber } from "../parse-option.ts";

interface GateFlags extends SelectFlags {
  repeat: number;
  tier: Tier;
  stores?: StoreKind;
  profile?: string;
  natsServer?: string;
  keep?: true;
}

export function addGate(program: Command, door: Door): void {
  const command = program
    .command("gate")
    .summary("put zones through the suites and judge them by the catalogue")
    .description(
      "Starts zones, breaks them as the suites say, and judges every entry on what was seen from outside.\n" +
        "Exit: 0 all kept, 1 something broken, 2 something unknown and nothing broken, 3 the harness failed.",
    );
  addSelection(command)
    .option("--repeat <n>", "run every scenario this often", wholeNumber(1, 1_000), 1)
    .option("--tier <tier>", "durability tier of the zone: standard or critical", parseTier, "standard" as Tier)
    .option("--stores <kind>", "what scenarios that ask for a disk get: ext4, xfs or folder", parseStores)
    .option("--profile <file>", "zone profile of another node image", parseFile)
    .option("--nats-server <file>", "put this nats-server binary into the node image", parseFile)
    .option("--keep", "leave a zone running that broke a promise, to look inside")
    .addHelpText("after", examples("gate", "gate --suite failure --only FAIL-1,FAIL-5 --repeat 3 --out /tmp/evidence"))
    .action(async (flags: GateFlags) => {
      const { repeat, tier, stores, profile, natsServer } = flags;
      const options = {
        ...selectionOf(flags),
        repeat,
        tier,
        isKept: flags.keep === true,
        ...(stores === undefined ? {} : { stores }),
        ...(profile === undefined ? {} : { profile }),
        ...(natsServer === undefined ? {} : { natsServer }),
      };
      tellOutcome(door, await (await door.triad()).gate(options, door.context), flags.json);
    });
}
