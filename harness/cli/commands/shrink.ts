// `triad shrink`: a smaller scenario file that still breaks one entry.

import { resolve } from "node:path";
import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import { freshSeed } from "#base/random.ts";
import type { CommandContext } from "#api/operations.ts";
import { controllerHelp, controllerImage, folder, percentage, readableFile, wholeNumber } from "../parse-option.ts";
import { examples, printAnswer } from "./options.ts";

interface ShrinkFlags {
  entry: string;
  out?: string;
  redAtLeast: number;
  confidence: number;
  replays: number;
  seed?: number;
  controller?: string;
  json?: true;
}

export function addShrink(program: Command, context: CommandContext): void {
  program
    .command("shrink")
    .summary("make a scenario file smaller while an entry stays broken")
    .description(
      "Replays smaller versions of a scenario file: fewer steps, fewer faults in a step, shorter holds. A version is kept " +
        "when the entry stays broken in it. Replays differ, so each version is replayed until a sequential test has an " +
        "answer at the given confidence; without one the step stays. Prints every version that it tried.\n\n" +
        "Exit code: 0 the smaller file is written, 2 the result was not broken again when it was replayed afresh, 64 the " +
        "file itself is not broken often enough.",
    )
    .argument("<file>", "scenario file", readableFile("the file"))
    .requiredOption("--entry <id>", "the entry that must stay broken, by id or slug")
    .option("--out <file>", "the smaller file (default: beside the file, as NAME.small.yaml)", folder("--out"))
    .option("--red-at-least <percent>", "share of replays that must be broken", percentage("--red-at-least"), 0.5)
    .option("--confidence <percent>", "how sure an answer must be, 55 to 99", percentage("--confidence", 55, 99), 0.95)
    .option("--replays <n>", "replays in all, at most", wholeNumber("--replays", 1, 10_000), 300)
    .option("--seed <n>", "of the replays (default: a new one)", wholeNumber("--seed", 0, 2 ** 32 - 1))
    .option("--controller <image>", controllerHelp, controllerImage)
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      examples(
        "shrink incident.yaml --entry DUAL-0",
        "shrink incident.yaml --entry FAIL-1 --red-at-least 80 --replays 100",
      ),
    )
    .action(async (file: string, { json, replays, redAtLeast, confidence, entry, ...flags }: ShrinkFlags) => {
      const options = {
        file,
        entry,
        redAtLeast,
        confidence,
        replaysMax: replays,
        out: flags.out ?? resolve(file.replace(/(?:\.ya?ml)?$/, ".small.yaml")),
        seed: flags.seed ?? freshSeed(),
        ...defined({ controller: flags.controller }),
      };
      const answer = await (await context.operations()).shrink(options, context);
      printAnswer(context, answer, json);
      context.exit(answer.exitCode);
    });
}
