// `triad up`: starts a zone by hand. It gives no verdict.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import type { CommandContext } from "#api/operations.ts";
import type { NodeName } from "#spec/node.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import {
  controllerHelp,
  controllerImage,
  imageHelp,
  nodeImages,
  parseStores,
  parseTier,
  profileHelp,
  readableFile,
  zoneName,
} from "../parse-option.ts";
import { examples, printAnswer } from "./options.ts";

const defaultZone = "zone";

interface UpFlags {
  tier: Tier;
  stores: StoreKind;
  controller?: string;
  image?: Record<NodeName, string>;
  profile?: string;
  load: boolean;
  json?: true;
}

export function addUp(program: Command, context: CommandContext): void {
  program
    .command("up")
    .summary("start a zone and leave it running")
    .description(
      "Starts a zone and leaves it running until `triad down`. A recorder stays beside it: clients call the zone, and what " +
        "happens and what you do to it is written down, for `triad judge`.",
    )
    .argument("[name]", "name of the zone", zoneName("zone name"), defaultZone)
    .option("--tier <tier>", "durability tier: standard or critical", parseTier, "standard" as Tier)
    .option(
      "--stores <kind>",
      "file system of the nodes' data: folder, ext4 or xfs",
      parseStores,
      "folder" as StoreKind,
    )
    .option("--controller <image>", controllerHelp, controllerImage)
    .option("--image <image>", imageHelp, nodeImages)
    .option("--profile <file>", profileHelp, readableFile("--profile"))
    .option("--no-load", "no client calls the zone; then most entries cannot be judged")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      examples("up", "up second --tier critical --stores ext4", "up --image node.tar --profile node.yaml"),
    )
    .action(async (name: string, { tier, stores, controller, image, profile, load, json }: UpFlags) => {
      const options = { name, tier, stores, hasLoad: load, ...defined({ controller, image, profile }) };
      printAnswer(context, await (await context.operations()).up(options, context), json);
    });
}
