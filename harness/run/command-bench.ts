// `triad bench`: figures of a zone on this machine; of zones side by side; of a run that is over; of judging. Measurements, not verdicts.

import type { Command } from "commander";
import { HarnessError } from "#base/errors.ts";
import { examples, tellAnswer } from "./command-parts.ts";
import type { Door } from "./deps.ts";
import { parseFolder, wholeNumber } from "./parse-option.ts";

interface BenchFlags {
  seconds: number;
  out?: string;
  evidence?: string;
  drift?: number;
  samples: number;
  operations?: number;
  json?: true;
}

export function addBench(program: Command, door: Door): void {
  program
    .command("bench")
    .summary("measure both durability tiers side by side")
    .option("--seconds <n>", "load on each tier for this long", wholeNumber(5, 3_600), 30)
    .option(
      "--evidence <folder>",
      "the wall time of a run that is over, beside its obliged waits; no Docker",
      parseFolder,
    )
    .option("--drift <k>", "failover times of 1 to k zones side by side", wholeNumber(1, 16))
    .option("--samples <n>", "with --drift: failovers at each width", wholeNumber(1, 100), 3)
    .option(
      "--operations <n>",
      "read and judge an invented history of this length; no Docker",
      wholeNumber(1, 10_000_000),
    )
    .option("--out <folder>", "also write the figures here", parseFolder)
    .option("--json", "print the figures as JSON")
    .addHelpText(
      "after",
      examples(
        "bench --seconds 60",
        "bench --evidence evidence/latest",
        "bench --drift 4",
        "bench --operations 1000000",
      ),
    )
    .action(async ({ seconds, samples, out, evidence, drift, operations, json }: BenchFlags) => {
      if (evidence !== undefined && drift !== undefined)
        throw new HarnessError("usage/bad-command", "both --evidence and --drift were given", { expected: "one" });
      if (operations !== undefined && (evidence ?? drift) !== undefined)
        throw new HarnessError("usage/bad-command", "--operations was given with another measurement", {
          expected: "one",
        });
      const options = {
        seconds,
        samples,
        ...(out === undefined ? {} : { out }),
        ...(evidence === undefined ? {} : { evidence }),
        ...(drift === undefined ? {} : { drift }),
        ...(operations === undefined ? {} : { operations }),
      };
      tellAnswer(door, await (await door.triad()).bench(options, door.context), json);
    });
}
