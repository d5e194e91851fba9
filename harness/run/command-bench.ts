// `triad bench`: what the critical tier costs, both tiers side by side (DUR-9). A measurement, not a verdict.

import type { Command } from "commander";
import { examples, tellAnswer } from "./command-parts.ts";
import type { Door } from "./deps.ts";
import { parseFolder, wholeNumber } from "./parse-option.ts";

interface BenchFlags {
  seconds: number;
  out?: string;
  json?: true;
}

export function addBench(program: Command, door: Door): void {
  program
    .command("bench")
    .summary("measure both durability tiers side by side")
    .option("--seconds <n>", "load on each tier for this long", wholeNumber(5, 3_600), 30)
    .option("--out <folder>", "also write the figures here", parseFolder)
    .option("--json", "print the figures as JSON")
    .addHelpText("after", examples("bench --seconds 60"))
    .action(async ({ seconds, out, json }: BenchFlags) => {
      const options = { seconds, ...(out === undefined ? {} : { out }) };
      tellAnswer(door, await (await door.triad()).bench(options, door.context), json);
    });
}
