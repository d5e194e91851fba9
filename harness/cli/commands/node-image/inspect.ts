// `triad inspect`: the contract of a node image, point by point, on one zone.

import type { Command } from "commander";
import type { CommandContext } from "#api/operations.ts";
import type { NodeName } from "#spec/node.ts";
import { imageHelp, nodeImages, profileHelp, readableFile } from "#cli/parse-option.ts";
import { examples, printAnswer } from "../options.ts";

interface InspectFlags {
  image: Record<NodeName, string>;
  profile: string;
  json?: true;
}

export function addInspect(program: Command, context: CommandContext): void {
  program
    .command("inspect")
    .summary("show point by point whether a node image can be tested")
    .description(
      "Starts one zone of a node image, compares it with its profile point by point, and removes it.\n" +
        "It takes less than a minute and gives no verdict.\n\n" +
        "Exit code: 0 when every point is met or not needed, 3 when one is not, 64 for a wrong file or profile.",
    )
    .requiredOption("--image <image>", imageHelp, nodeImages)
    .requiredOption("--profile <file>", profileHelp, readableFile("--profile"))
    .option("--json", "print the points as JSON")
    .addHelpText("after", examples("inspect --image node.tar --profile node.yaml"))
    .action(async ({ image, profile, json }: InspectFlags) => {
      const shown = await (await context.operations()).inspect({ image, profile }, context);
      printAnswer(context, shown, json);
      context.exit(shown.exitCode);
    });
}
