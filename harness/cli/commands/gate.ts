// `triad gate`: the release gate. Its exit code is the verdict.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import type { CommandContext } from "#api/operations.ts";
import type { NodeName } from "#spec/node.ts";
import type { StoreKind, Tier } from "#spec/zone-spec.ts";
import {
  controllerHelp,
  controllerImage,
  imageHelp,
  natsServer,
  nodeImages,
  parseStores,
  parseTier,
  profileHelp,
  readableFile,
  serverHelp,
  wholeNumber,
} from "../parse-option.ts";
import { addSelection, examples, printOutcome, type SelectFlags, selectionOf } from "./options.ts";

interface GateFlags extends SelectFlags {
  repeat: number;
  tier: Tier;
  stores?: StoreKind;
  profile?: string;
  natsServer?: string;
  controller?: string;
  image?: Record<NodeName, string>;
  deadline?: number;
  keep?: true;
}

export function addGate(program: Command, context: CommandContext): void {
  const command = program
    .command("gate")
    .summary("test a zone against the catalogue; the exit code is the verdict")
    .description(
      "Starts zones, injects the faults of the suites, and judges every catalogue entry.\n\n" +
        "Exit code: 0 all kept, 1 something broken, 2 nothing broken but something unknown, 3 the harness failed.\n" +
        "A run that --deadline or a signal ends is judged too. After a signal the exit code is 128 plus its number.",
    );
  addSelection(command)
    .option("--repeat <n>", "run every scenario n times", wholeNumber("--repeat", 1, 1_000), 1)
    .option("--tier <tier>", "durability tier of the zone: standard or critical", parseTier, "standard" as Tier)
    .option("--stores <kind>", "file system for scenarios that need their own disk: ext4, xfs or folder", parseStores)
    .option("--profile <file>", profileHelp, readableFile("--profile"))
    .option("--image <image>", imageHelp, nodeImages)
    .option("--nats-server <server>", serverHelp, natsServer)
    .option("--controller <image>", controllerHelp, controllerImage)
    .option(
      "--deadline <s>",
      "end the run after s seconds; what did not run by then is unknown",
      wholeNumber("--deadline", 1, 86_400),
    )
    .option("--keep", "leave a zone running when it broke a promise, so that you can look inside")
    .addHelpText(
      "after",
      examples(
        "gate",
        "gate --only FAIL-1,alpha-isolated --repeat 3",
        "gate --suite durability --stores xfs --out /tmp/evidence",
        "gate --image node.tar --profile node.yaml",
      ),
    )
    .action(async (flags: GateFlags) => {
      const { repeat, tier, stores, profile, natsServer: server, controller, image, deadline: deadlineS } = flags;
      const options = {
        ...selectionOf(flags),
        repeat,
        tier,
        isKept: flags.keep === true,
        ...defined({ stores, profile, natsServer: server, controller, image, deadlineS }),
      };
      printOutcome(context, await (await context.operations()).gate(options, context), flags.json);
    });
}
