// `triad bench`: figures of a zone on this machine; of zones side by side; of a run that is over; of judging. Measurements, not verdicts.

import type { Command } from "commander";
import { HarnessError } from "#base/errors.ts";
import { examples, tellAnswer } from "./options.ts";
import type { Door } from "#api/api.ts";
import { parseFolder, wholeNumber } from "../parse-option.ts";

interface BenchFlags {
  seconds: number;
  out?: string;
  evidence?: string;
  drift?: number;
  exchange?: number;
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
    .option("--exchange <n>", "n facts each way between two zones, through failovers and a cut", wholeNumber(1_000))
    .option("--out <folder>", "also write the figures here", parseFolder)
    .option("--json", "print the figures as JSON")
    .addHelpText(
      "after",
      examples(
        "bench --seconds 60",
        "bench --evidence evidence/latest",
        "bench --drift 4",
        "bench --exchange 20000",
        "bench --operations 1000000",
      ),
    )
    .action(async ({ seconds, samples, out, evidence, drift, exchange, operations, json }: BenchFlags) => {
      const given = Object.entries({ evidence, drift, exchange, operations }).filter(
        ([, value]) => value !== undefined,
      );
      const names = given.map(([name]) => `--${name}`);
      if (names.length > 1)
        throw new HarnessError("usage/bad-command", `both ${names.join(" and ")} were given`, { expected: "one" });
      const options = {
        seconds,
        samples,
        ...(out === undefined ? {} : { out }),
        ...(evidence === undefined ? {} : { evidence }),
        ...(drift === undefined ? {} : { drift }),
        ...(operations === undefined ? {} : { operations }),
        ...(exchange === undefined ? {} : { exchange }),
      };
      tellAnswer(door, await (await door.triad()).bench(options, door.context), json);
    });
}
